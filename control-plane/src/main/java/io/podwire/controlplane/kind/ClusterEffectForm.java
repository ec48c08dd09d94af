package io.podwire.controlplane.kind;

import io.podwire.cluster.fault.NodeEffect;
import io.podwire.cluster.fault.PodEffect;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a fault does to nodes, to the control plane and to Pods. */
final class ClusterEffectForm {

  static final Map<String, PodEffect> POD_ACTIONS = podActions();

  private static final Map<String, NodeEffect.Action> NODE_ACTIONS = nodeActions();

  private ClusterEffectForm() {}

  static @Nullable NodeEffect node(Field node, FaultInput input) {
    if (!node.isPresent()) {
      return null;
    }
    Field action = node.at("action");
    Field delay = node.at("delay");
    if (!action.isGiven()) {
      input.problems().required(action, "write one of " + String.join(", ", NODE_ACTIONS.keySet()));
    }
    NodeEffect.Action read = input.word(action, NODE_ACTIONS, NodeEffect.Action.STALE_ENDPOINTS);
    if (read == NodeEffect.Action.DELAYED_ENDPOINTS) {
      return new NodeEffect(read, input.required(delay, "write how late, such as 5s"));
    }
    if (delay.isGiven() && action.isGiven()) {
      input.contradiction(
          delay, "has no meaning with " + action.shown() + "; it is for delayed-endpoints");
    }
    return new NodeEffect(read, Duration.ZERO);
  }

  static @Nullable PodEffect pod(Field pod, FaultInput input) {
    if (!pod.isPresent()) {
      return null;
    }
    Field action = pod.at("action");
    if (!action.isGiven()) {
      input.problems().required(action, "write one of " + String.join(", ", POD_ACTIONS.keySet()));
    }
    return input.word(action, POD_ACTIONS, PodEffect.POD_FAILURE);
  }

  private static Map<String, PodEffect> podActions() {
    Map<String, PodEffect> actions = new LinkedHashMap<>();
    actions.put("pod-kill", PodEffect.POD_KILL);
    actions.put("pod-failure", PodEffect.POD_FAILURE);
    actions.put("container-kill", PodEffect.CONTAINER_KILL);
    return actions;
  }

  private static Map<String, NodeEffect.Action> nodeActions() {
    Map<String, NodeEffect.Action> actions = new LinkedHashMap<>();
    actions.put("agent-kill", NodeEffect.Action.AGENT_KILL);
    actions.put("agent-pause", NodeEffect.Action.AGENT_PAUSE);
    actions.put("control-plane-cut", NodeEffect.Action.CONTROL_PLANE_CUT);
    actions.put("delayed-endpoints", NodeEffect.Action.DELAYED_ENDPOINTS);
    actions.put("stale-endpoints", NodeEffect.Action.STALE_ENDPOINTS);
    actions.put("zookeeper-session-expired", NodeEffect.Action.ZOOKEEPER_SESSION_EXPIRED);
    return actions;
  }
}
