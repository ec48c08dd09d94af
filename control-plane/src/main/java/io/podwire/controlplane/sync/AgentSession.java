package io.podwire.controlplane.sync;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.podwire.cluster.model.PodStatus;
import io.podwire.cluster.store.StoreException;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import io.podwire.proto.ProtoTranslator;
import io.podwire.proto.v1.AgentMessage;
import io.podwire.proto.v1.FaultReport;
import io.podwire.proto.v1.Hello;
import io.podwire.proto.v1.Update;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One agent's stream: registers its node with the first message, holds the node's name while it is
 * open, and writes the reports down.
 *
 * <p>gRPC calls one method at a time.
 */
final class AgentSession implements StreamObserver<AgentMessage> {

  private static final Logger LOG = LoggerFactory.getLogger(AgentSession.class);
  private static final String NAME_FORM = "[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?";

  private final ClusterSyncService service;
  private final NodeNames names;
  private final NodeRegistration registration;
  private final PodReports reports;
  private final FaultReports faults;
  private final ServerCallStreamObserver<Update> responses;
  // Tells this stream from an earlier one of the same agent, which may end after this has begun.
  private final String streamId = UUID.randomUUID().toString();
  private final AtomicBoolean released = new AtomicBoolean();
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile @Nullable StateStream stream;
  private volatile long applied;
  private volatile Hello hello = Hello.getDefaultInstance();

  AgentSession(
      ClusterSyncService service,
      NodeNames names,
      NodeRegistration registration,
      PodReports reports,
      FaultReports faults,
      ServerCallStreamObserver<Update> responses) {
    this.service = service;
    this.names = names;
    this.registration = registration;
    this.reports = reports;
    this.faults = faults;
    this.responses = responses;
    // gRPC takes handlers only before the call has begun.
    responses.setOnReadyHandler(this::ready);
    responses.setOnCancelHandler(this::gone);
  }

  String node() {
    return hello.getNodeName();
  }

  long applied() {
    return applied;
  }

  @Override
  public void onNext(AgentMessage message) {
    try {
      switch (message.getMessageCase()) {
        case HELLO -> begin(message.getHello());
        case POD_STATUS -> report(ProtoTranslator.fromMessage(message.getPodStatus()));
        case FAULT_REPORT -> report(message.getFaultReport());
        case APPLIED -> applied = message.getApplied().getRevision();
        case MESSAGE_NOT_SET -> {}
      }
    } catch (StoreException.Unavailable e) {
      end(Status.UNAVAILABLE.withDescription(e.getMessage()));
    } catch (IllegalArgumentException e) {
      end(Status.INVALID_ARGUMENT.withDescription(e.getMessage()));
    }
  }

  private void begin(Hello introduction) {
    check(introduction);
    String address = address(introduction);
    Optional<String> other =
        names.take(introduction.getNodeName(), instance(introduction), address);
    if (other.isPresent()) {
      end(
          Status.ALREADY_EXISTS.withDescription(
              "the node name %s is taken by the agent at %s; stop that one, or start this one with another --name"
                  .formatted(introduction.getNodeName(), other.get())));
      return;
    }
    hello = introduction;
    if (responses.isCancelled()) {
      release();
      return;
    }
    service.opened(this);
    registration.register(introduction);
    LOG.info("agent of {} connected from {}", introduction.getNodeName(), address);
    stream = service.follow(responses, introduction.getNodeName(), introduction.getRevision());
  }

  private void check(Hello introduction) {
    if (!node().isEmpty()) {
      throw new IllegalArgumentException("an agent says hello once");
    }
    String name = introduction.getNodeName();
    if (!name.matches(NAME_FORM)) {
      throw new IllegalArgumentException(
          "'" + name + "' is no node name: write lower-case letters, digits, '-' and '.'");
    }
    IpAddress.parse(introduction.getAddress());
    introduction.getFurtherAddressesList().forEach(IpAddress::parse);
    if (!introduction.getVtepMac().isEmpty()) {
      MacAddress.parse(introduction.getVtepMac());
    }
  }

  private String instance(Hello introduction) {
    return introduction.getInstance() + "/" + streamId;
  }

  private static String address(Hello hello) {
    return hello.getAddress() + ":" + hello.getVxlanPort();
  }

  private void report(PodStatus status) {
    if (node().isEmpty()) {
      throw new IllegalArgumentException("an agent says hello before it reports");
    }
    reports.write(node(), hello.getAddress(), status);
  }

  private void report(FaultReport report) {
    if (node().isEmpty()) {
      throw new IllegalArgumentException("an agent says hello before it reports");
    }
    faults.take(ProtoTranslator.fromMessage(report), node(), hello.getInstance());
  }

  private void ready() {
    StateStream open = stream;
    if (open != null) {
      open.changed();
    }
  }

  private void gone() {
    StateStream open = stream;
    if (open != null) {
      service.forget(open);
    }
    release();
  }

  /** Gives the node's name back. Idempotent. */
  void release() {
    if (!node().isEmpty() && released.compareAndSet(false, true)) {
      service.closed(this);
      names.release(node(), instance(hello), address(hello));
      LOG.info("agent of {} disconnected", node());
    }
  }

  /** Ends the stream with a reason. Idempotent. */
  void end(Status reason) {
    if (ended.compareAndSet(false, true)) {
      StateStream open = stream;
      if (open != null) {
        open.end(reason);
      } else {
        responses.onError(reason.asRuntimeException());
      }
    }
    gone();
  }

  /** Whether the node is written down and followed. */
  boolean isEstablished() {
    return stream != null;
  }

  @Override
  public void onError(Throwable failure) {
    gone();
  }

  @Override
  public void onCompleted() {
    end(Status.CANCELLED.withDescription("the agent has closed its session"));
  }
}
