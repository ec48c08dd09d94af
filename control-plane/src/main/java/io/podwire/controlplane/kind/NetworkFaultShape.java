package io.podwire.controlplane.kind;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.List;
import java.util.Map;

/** The fields of a NetworkFault (podwire.io/v1alpha1). */
record NetworkFaultShape(
    String apiVersion, String kind, ObjectMeta metadata, Spec spec, Object status) {

  record Spec(
      String links,
      Selector selector,
      String mode,
      IntOrString value,
      Target target,
      List<String> externalTargets,
      String direction,
      IntOrString protocol,
      List<IntOrString> ports,
      List<IntOrString> localPorts,
      List<IntOrString> peerPorts,
      Long seed,
      String duration,
      Lease lease,
      Delay delay,
      Loss loss,
      Share corrupt,
      Share duplicate,
      Reorder reorder,
      Rate rate,
      Bandwidth bandwidth,
      Slot slot,
      Integer limit,
      Partition partition,
      Nothing hold,
      Flap flap,
      Nothing interfaceDown,
      Integer mtu,
      List<Stream> stream,
      Dns dns,
      Node node,
      Pod pod) {}

  record Selector(
      List<String> namespaces,
      Map<String, List<String>> pods,
      List<String> nodes,
      Map<String, String> nodeSelectors,
      Map<String, String> labelSelectors,
      List<Expression> expressionSelectors,
      List<String> podPhaseSelectors,
      List<String> services) {}

  record Expression(String key, String operator, List<String> values) {}

  record Target(Selector selector, String mode, IntOrString value) {}

  record Lease(Integer seconds) {}

  record Delay(String latency, String jitter, String correlation, String distribution) {}

  record Loss(
      String percent,
      String correlation,
      StateLoss state,
      GilbertElliott gemodel,
      Nth nth,
      Boolean ecn) {}

  record StateLoss(String p13, String p31, String p32, String p23, String p14) {}

  record GilbertElliott(String p, String r, String lossInBad, String lossInGood) {}

  record Nth(Integer every, Integer packet) {}

  record Share(String percent, String correlation) {}

  record Reorder(String percent, String correlation, Integer gap) {}

  record Rate(String rate, Integer packetOverhead, Integer cellSize, Integer cellOverhead) {}

  record Bandwidth(
      String rate, IntOrString limit, IntOrString buffer, String peakrate, IntOrString minburst) {}

  record Slot(String min, String max, Integer packets, IntOrString bytes) {}

  record Partition(String shape) {}

  /** An object that is there, and has no fields. */
  record Nothing() {}

  record Flap(String up, String down) {}

  record Stream(
      String name, String type, String stream, Double toxicity, Map<String, Object> attributes) {}

  record Dns(
      String action,
      List<String> patterns,
      List<String> types,
      List<String> addresses,
      String delay,
      String percent) {}

  record Node(String action, String delay) {}

  record Pod(String action) {}
}
