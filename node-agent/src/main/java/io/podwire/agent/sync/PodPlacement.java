package io.podwire.agent.sync;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.podwire.agent.pod.PodRegistry;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Pod;
import io.podwire.proto.ProtoTranslator;
import io.podwire.proto.v1.ClusterSyncGrpc;
import io.podwire.proto.v1.PodRemoval;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Creates and deletes attached Pods by the control plane that the session is open to. */
public final class PodPlacement implements PodRegistry {

  private static final int LIMIT_SECONDS = 10;

  private final String nodeName;
  private final Supplier<Optional<ManagedChannel>> channel;

  /**
   * @param channel to a control plane; empty while there is none
   */
  public PodPlacement(String nodeName, Supplier<Optional<ManagedChannel>> channel) {
    this.nodeName = nodeName;
    this.channel = channel;
  }

  @Override
  public String create(Pod pod) {
    try {
      return stub()
          .placePod(
              io.podwire.proto.v1.PodPlacement.newBuilder()
                  .setNodeName(nodeName)
                  .setPod(ProtoTranslator.toMessage(pod))
                  .build())
          .getUid();
    } catch (StatusRuntimeException e) {
      throw refused(e);
    }
  }

  @Override
  public void delete(ObjectName pod, String uid) {
    try {
      var _ =
          stub()
              .removePod(
                  PodRemoval.newBuilder()
                      .setNodeName(nodeName)
                      .setNamespace(pod.namespace())
                      .setName(pod.name())
                      .setUid(uid)
                      .build());
    } catch (StatusRuntimeException e) {
      throw refused(e);
    }
  }

  private ClusterSyncGrpc.ClusterSyncBlockingStub stub() {
    ManagedChannel open =
        channel
            .get()
            .orElseThrow(() ->
                new Refused(
                    Refused.Kind.UNAVAILABLE,
                    "node " + nodeName + " hears no control plane; try again once one runs"));
    return ClusterSyncGrpc.newBlockingStub(open).withDeadlineAfter(LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  private static Refused refused(StatusRuntimeException failure) {
    Status status = failure.getStatus();
    String why =
        status.getDescription() == null ? status.getCode().toString() : status.getDescription();
    return switch (status.getCode()) {
      case ALREADY_EXISTS -> new Refused(Refused.Kind.TAKEN, why);
      case INVALID_ARGUMENT -> new Refused(Refused.Kind.INVALID, why);
      default -> new Refused(Refused.Kind.UNAVAILABLE, "the control plane does not answer: " + why);
    };
  }
}
