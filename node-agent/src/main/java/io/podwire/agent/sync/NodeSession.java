package io.podwire.agent.sync;

import io.grpc.ManagedChannel;
import io.podwire.cluster.model.ClusterConfig;
import io.podwire.cluster.model.ClusterUpdate;
import io.podwire.cluster.model.ModelObject;
import io.podwire.cluster.model.Node;
import io.podwire.cluster.model.Pod;
import io.podwire.packet.addr.Cidr;
import io.podwire.proto.StateFollower;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The agent's side of its session: waits until the control plane has given this node a Pod CIDR,
 * lets the node's network start with it, and hands it every step of the state after that.
 *
 * <p>Called on the follower's thread alone.
 */
public final class NodeSession implements StateFollower.Listener {

  /** What the agent does with its session. */
  public interface Lifecycle {

    /** Starts the node's network, once, when its Pod CIDRs are known: one of each family. */
    RunningNode start(ClusterConfig config, List<Cidr> podCidrs);

    /** The control plane refuses this agent, such as for a name that another one holds. */
    void refused(String reason);
  }

  /** A started node. */
  public interface RunningNode {

    /** Changes the datapath. */
    void update(ClusterUpdate update);

    /** The whole set of Pods to run here. */
    void assign(Collection<Pod> pods);

    /** Everything up to this revision has been applied. */
    void applied(long revision);
  }

  private final String nodeName;
  private final Lifecycle lifecycle;
  private final AssignedPods assigned;
  private final List<ClusterUpdate> held = new ArrayList<>();
  private @Nullable RunningNode running;
  private @Nullable ClusterConfig config;

  /**
   * The session of a node, not started yet.
   *
   * @param controlPlanes {@code host:port} of each, tried in turn
   */
  public static StateFollower follow(
      List<String> controlPlanes,
      Function<String, ManagedChannel> channels,
      NodeRegistration registration,
      Lifecycle lifecycle) {
    return StateFollower.session(
        controlPlanes,
        channels,
        registration.toHello(),
        new NodeSession(registration.name(), lifecycle));
  }

  NodeSession(String nodeName, Lifecycle lifecycle) {
    this.nodeName = nodeName;
    this.lifecycle = lifecycle;
    this.assigned = new AssignedPods(nodeName);
  }

  @Override
  public void updated(ClusterUpdate update) {
    boolean podsChanged = assigned.apply(update);
    RunningNode node = running;
    if (node != null) {
      hand(node, List.of(update), podsChanged, update.revision());
      return;
    }
    if (update instanceof ClusterUpdate.Snapshot snapshot) {
      held.clear();
      config = snapshot.config();
    }
    held.add(update);
    ClusterConfig known = config;
    List<Cidr> podCidrs = podCidrs(update);
    if (known != null && !podCidrs.isEmpty()) {
      RunningNode started = lifecycle.start(known, podCidrs);
      running = started;
      hand(started, held, true, update.revision());
      held.clear();
    }
  }

  private void hand(
      RunningNode node, List<ClusterUpdate> updates, boolean podsChanged, long revision) {
    updates.forEach(node::update);
    if (podsChanged) {
      node.assign(assigned.pods());
    }
    node.applied(revision);
  }

  @Override
  public void refused(String reason) {
    lifecycle.refused(reason);
  }

  private List<Cidr> podCidrs(ClusterUpdate update) {
    List<ModelObject> objects =
        switch (update) {
          case ClusterUpdate.Snapshot snapshot -> snapshot.objects();
          case ClusterUpdate.Delta delta ->
              delta.changes().stream()
                  .<ModelObject>mapMulti((change, sink) -> {
                    if (change instanceof ClusterUpdate.Upsert upsert) {
                      sink.accept(upsert.object());
                    }
                  })
                  .toList();
        };
    return objects.stream()
        .filter(object -> object instanceof Node node && node.name().equals(nodeName))
        .flatMap(object -> ((Node) object).podCidrs().stream())
        .toList();
  }
}
