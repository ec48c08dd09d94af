package io.podwire.controlplane.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cluster.store.Claim;
import io.podwire.cluster.store.Store;
import io.podwire.controlplane.kind.Field;
import io.podwire.controlplane.kind.IpFamilyRules;
import io.podwire.controlplane.kind.Kind;
import io.podwire.controlplane.kind.KindTable;
import io.podwire.controlplane.kind.Manifests;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Gives a Service the addresses that its manifest leaves to the cluster: a choice, which becomes
 * true only when the registry takes the claims. Thread-safe.
 */
final class ServiceAllocation {

  private final Store store;
  private final ServiceAddresses addresses;
  private final List<Cidr> networks;

  /**
   * @param networks the cluster's Service networks, the usual family first
   */
  ServiceAllocation(Store store, ServiceAddresses addresses, List<Cidr> networks) {
    this.store = store;
    this.addresses = addresses;
    this.networks = List.copyOf(networks);
  }

  /**
   * A copy with every address chosen, and the object itself where it needs none.
   *
   * @param reserved claims that others of the same batch will take
   */
  ObjectNode allocate(Kind kind, ObjectNode manifest, Set<Claim> reserved) {
    if (!kind.equals(KindTable.SERVICE)) {
      return manifest;
    }
    Field spec = Field.root(manifest).at("spec");
    String type = spec.at("type").textOr("ClusterIP");
    if (type.equals("ExternalName")) {
      return manifest;
    }
    ObjectNode allocated = manifest.deepCopy();
    ObjectNode fields = Manifests.child(allocated, "spec");
    List<String> families = IpFamilyRules.settle(fields, networks);
    if (!"None".equals(spec.at("clusterIP").text())) {
      allocateClusterIps(fields, families, manifest, reserved);
    }
    boolean balanced = type.equals("LoadBalancer");
    boolean withNodePorts =
        !balanced || fields.path("allocateLoadBalancerNodePorts").asBoolean(true);
    boolean healthChecked =
        balanced && fields.path("externalTrafficPolicy").asText().equals("Local");
    if (type.equals("NodePort") || balanced) {
      allocateNodePorts(fields, withNodePorts, healthChecked, reserved);
    }
    return allocated.equals(manifest) ? manifest : allocated;
  }

  private void allocateClusterIps(
      ObjectNode spec, List<String> families, ObjectNode manifest, Set<Claim> reserved) {
    ArrayNode all =
        spec.get("clusterIPs") instanceof ArrayNode given ? given : spec.putArray("clusterIPs");
    for (int i = all.size(); i < families.size(); i++) {
      all.add(chooseClusterIp(families.get(i).equals("IPv4"), manifest, reserved));
    }
    spec.put("clusterIP", all.get(0).asText());
  }

  private String chooseClusterIp(boolean ipv4, ObjectNode manifest, Set<Claim> reserved) {
    Set<String> held = store.claims(Claim.CLUSTER_IPS).keySet();
    return addresses
        .clusterIp(
            ipv4,
            candidate ->
                held.contains(candidate.toString())
                    || reserved.contains(new Claim(Claim.CLUSTER_IPS, candidate.toString())))
        .map(IpAddress::toString)
        .orElseThrow(() ->
            ApiException.of(
                500,
                "InternalError",
                "no ClusterIP is free for Service "
                    + ObjectChecks.key(KindTable.SERVICE, manifest).objectName()
                    + "; delete Services or start the cluster with a larger --service-cidr"));
  }

  private void allocateNodePorts(
      ObjectNode spec, boolean withNodePorts, boolean healthChecked, Set<Claim> reserved) {
    Set<String> held = store.claims(Claim.NODE_PORTS).keySet();
    Set<Integer> own = new HashSet<>();
    List<ObjectNode> ports = Manifests.objects(spec, "ports");
    ports.forEach(port -> own.add(port.path("nodePort").intValue()));
    own.add(spec.path("healthCheckNodePort").intValue());
    for (ObjectNode port : ports) {
      if (withNodePorts && port.path("nodePort").intValue() == 0) {
        port.put("nodePort", chooseNodePort(own, held, reserved));
      }
    }
    if (healthChecked && spec.path("healthCheckNodePort").intValue() == 0) {
      spec.put("healthCheckNodePort", chooseNodePort(own, held, reserved));
    }
  }

  private int chooseNodePort(Set<Integer> own, Set<String> held, Set<Claim> reserved) {
    int chosen =
        addresses
            .nodePort(candidate ->
                own.contains(candidate)
                    || held.contains(Integer.toString(candidate))
                    || reserved.contains(new Claim(Claim.NODE_PORTS, Integer.toString(candidate))))
            .orElseThrow(() ->
                ApiException.of(
                    500, "InternalError", "no node port is free; delete a Service that has one"));
    own.add(chosen);
    return chosen;
  }
}
