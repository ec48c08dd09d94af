package io.podwire.controlplane.kind;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.List;
import java.util.Map;

/**
 * The fields of Chaos Mesh's kinds (chaos-mesh.org/v1alpha1) that are known here. Those of free
 * form are known in order to be refused with a reason.
 */
final class ChaosShapes {

  private ChaosShapes() {}

  record NetworkChaos(
      String apiVersion, String kind, ObjectMeta metadata, NetworkSpec spec, Object status) {}

  record NetworkSpec(
      String action,
      String mode,
      String value,
      Selector selector,
      String direction,
      Target target,
      List<String> externalTargets,
      String duration,
      Delay delay,
      Loss loss,
      Duplicate duplicate,
      Corrupt corrupt,
      Rate rate,
      Bandwidth bandwidth,
      Object device,
      Object targetDevice,
      Object remoteCluster,
      Object scheduler) {}

  record DnsChaos(
      String apiVersion, String kind, ObjectMeta metadata, DnsSpec spec, Object status) {}

  record DnsSpec(
      String action,
      String mode,
      String value,
      Selector selector,
      List<String> patterns,
      List<String> containerNames,
      String duration,
      Object scope,
      Object remoteCluster,
      Object scheduler) {}

  record PodChaos(
      String apiVersion, String kind, ObjectMeta metadata, PodSpec spec, Object status) {}

  record PodSpec(
      String action,
      String mode,
      String value,
      Selector selector,
      List<String> containerNames,
      Object containerName,
      Long gracePeriod,
      String duration,
      Object remoteCluster,
      Object scheduler) {}

  record Selector(
      List<String> namespaces,
      Map<String, String> labelSelectors,
      List<NetworkFaultShape.Expression> expressionSelectors,
      Map<String, String> fieldSelectors,
      List<String> podPhaseSelectors,
      List<String> nodes,
      Map<String, String> nodeSelectors,
      Map<String, List<String>> pods,
      Object annotationSelectors,
      Object physicalMachines) {}

  record Target(Selector selector, String mode, String value) {}

  record Delay(String latency, String jitter, String correlation, Reorder reorder) {}

  record Reorder(String reorder, String correlation, Integer gap) {}

  record Loss(String loss, String correlation) {}

  record Duplicate(String duplicate, String correlation) {}

  record Corrupt(String corrupt, String correlation) {}

  record Rate(String rate) {}

  record Bandwidth(String rate, Long limit, Long buffer, Long peakrate, Long minburst) {}
}
