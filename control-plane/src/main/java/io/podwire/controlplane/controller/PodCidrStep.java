package io.podwire.controlplane.controller;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cluster.ipam.NetworkPlan;
import io.podwire.cluster.ipam.PodCidrAllocator;
import io.podwire.cluster.model.ClusterConfig;
import io.podwire.cluster.model.Node;
import io.podwire.cluster.reconcile.PodCidrReconciler;
import io.podwire.cluster.store.Claim;
import io.podwire.cluster.store.Store;
import io.podwire.controlplane.kind.KindTable;
import io.podwire.controlplane.kind.Manifests;
import io.podwire.controlplane.manifest.ManifestEditor;
import io.podwire.packet.addr.Cidr;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives nodes their Pod networks. */
final class PodCidrStep implements Step {

  private static final Logger LOG = LoggerFactory.getLogger(PodCidrStep.class);

  private final Store store;
  private final ManifestEditor editor;
  private final List<Cidr> networks;
  private final PodCidrReconciler reconciler;
  private final Set<String> reported = new HashSet<>();

  PodCidrStep(Store store, ManifestEditor editor, ClusterConfig config) {
    this.store = store;
    this.editor = editor;
    this.networks = config.podCidrs();
    this.reconciler =
        new PodCidrReconciler(
            networks.stream()
                .map(cidr -> new PodCidrAllocator(cidr, NetworkPlan.nodePrefixLength(cidr)))
                .toList());
  }

  @Override
  public void reconcile(Observation observation) {
    Set<Cidr> claimed =
        store.claims(Claim.POD_CIDRS).keySet().stream()
            .map(Cidr::parse)
            .collect(Collectors.toSet());
    Map<String, List<Cidr>> assignments = reconciler.assignments(observation.allNodes(), claimed);
    assignments.forEach(this::assign);
    for (Node node : observation.allNodes()) {
      boolean without = node.podCidrs().isEmpty() && !assignments.containsKey(node.name());
      if (without && reported.add(node.name())) {
        LOG.error(
            "no Pod network is left for node {}: all of {} are given out", node.name(), networks);
      }
    }
  }

  private void assign(String node, List<Cidr> cidrs) {
    Set<Claim> claims =
        cidrs.stream()
            .map(cidr -> new Claim(Claim.POD_CIDRS, cidr.toString()))
            .collect(Collectors.toSet());
    editor.edit(
        KindTable.NODE.key("", node),
        claims,
        manifest -> {
          ObjectNode spec = Manifests.child(manifest, "spec");
          if (spec.path("podCIDRs").isEmpty()) {
            spec.put("podCIDR", cidrs.get(0).toString());
            ArrayNode all = spec.putArray("podCIDRs");
            cidrs.forEach(cidr -> all.add(cidr.toString()));
          }
        });
    LOG.info("node {} has the Pod network {}", node, cidrs);
  }
}
