package io.podwire.agent.fault;

import io.podwire.cluster.fault.LinkReceipt;
import io.podwire.cluster.fault.NodeEffect;
import io.podwire.cluster.model.NetworkFault;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What one fault does to this node itself, once.
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
final class NodeEffects {

  private final String node;
  private final NodeActions actions;
  private NodeEffect.@Nullable Action done;
  private boolean acting;

  NodeEffects(String node, NodeActions actions) {
    this.node = node;
    this.actions = actions;
  }

  /**
   * Acts, if this node is meant and it has not been done yet.
   *
   * @param leftNanos until the fault ends; {@link Long#MAX_VALUE} where nobody knows
   */
  void act(NetworkFault fault, long leftNanos) {
    NodeEffect effect = fault.spec().node();
    if (effect == null || done != null || !fault.targets().contains(node)) {
      return;
    }
    done = effect.action();
    acting = true;
    Duration left = Duration.ofNanos(leftNanos);
    // An agent that was started since then has been through it.
    boolean isNew = actions.startedMillis() < fault.startMillis();
    switch (effect.action()) {
      case AGENT_KILL -> {
        if (isNew) {
          actions.kill();
        }
      }
      case AGENT_PAUSE -> actions.pause(left);
      case CONTROL_PLANE_CUT -> actions.cutOff(left);
      case DELAYED_ENDPOINTS -> actions.delayEndpoints(effect.delay());
      case STALE_ENDPOINTS -> actions.delayEndpoints(null);
      case ZOOKEEPER_SESSION_EXPIRED -> done = null;
    }
  }

  void end() {
    if (acting && done != null) {
      acting = false;
      switch (done) {
        case CONTROL_PLANE_CUT -> actions.cutOff(Duration.ZERO);
        case DELAYED_ENDPOINTS, STALE_ENDPOINTS -> actions.delayEndpoints(Duration.ZERO);
        case AGENT_KILL, AGENT_PAUSE, ZOOKEEPER_SESSION_EXPIRED -> {}
      }
    }
  }

  List<LinkReceipt> receipts() {
    NodeEffect.Action what = done;
    return what == null
        ? List.of()
        : List.of(
            LinkReceipt.once("Node " + node, what.name().toLowerCase(Locale.ROOT), !acting, ""));
  }
}
