package io.podwire.controlplane.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cluster.store.Claim;
import io.podwire.cluster.store.Store;
import io.podwire.controlplane.kind.Field;
import io.podwire.controlplane.kind.Kind;
import io.podwire.controlplane.kind.KindTable;
import io.podwire.controlplane.kind.Manifests;
import io.podwire.packet.addr.IpAddress;
import java.util.HashSet;
import java.util.Set;

/**
 * Gives a Service the addresses that its manifest leaves to the cluster: a choice, which becomes
 * true only when the registry takes the claims. Thread-safe.
 */
final class ServiceAllocation {

  private final Store store;
  private final ServiceAddresses addresses;

  ServiceAllocation(Store store, ServiceAddresses addresses) {
    this.store = store;
    this.addresses = addresses;
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
    if (!spec.at("clusterIP").isGiven()) {
      String address = chooseClusterIp(manifest, reserved);
      fields.put("clusterIP", address).putArray("clusterIPs").add(address);
    }
    describeFamilies(fields);
    if (type.equals("NodePort") || type.equals("LoadBalancer")) {
      allocateNodePorts(fields, reserved);
    }
    return allocated.equals(manifest) ? manifest : allocated;
  }

  private String chooseClusterIp(ObjectNode manifest, Set<Claim> reserved) {
    Set<String> held = store.claims(Claim.CLUSTER_IPS).keySet();
    return addresses
        .clusterIp(candidate ->
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

  private void allocateNodePorts(ObjectNode spec, Set<Claim> reserved) {
    Set<String> held = store.claims(Claim.NODE_PORTS).keySet();
    Set<Integer> own = new HashSet<>();
    for (ObjectNode port : Manifests.objects(spec, "ports")) {
      own.add(port.path("nodePort").intValue());
    }
    for (ObjectNode port : Manifests.objects(spec, "ports")) {
      if (port.path("nodePort").intValue() != 0) {
        continue;
      }
      int chosen =
          addresses
              .nodePort(candidate ->
                  own.contains(candidate)
                      || held.contains(Integer.toString(candidate))
                      || reserved.contains(
                          new Claim(Claim.NODE_PORTS, Integer.toString(candidate))))
              .orElseThrow(() ->
                  ApiException.of(
                      500, "InternalError", "no node port is free; delete a Service that has one"));
      own.add(chosen);
      port.put("nodePort", chosen);
    }
  }

  private static void describeFamilies(ObjectNode spec) {
    if (!spec.has("ipFamilies")) {
      boolean ipv6 = spec.path("clusterIP").asText().contains(":");
      spec.putArray("ipFamilies").add(ipv6 ? "IPv6" : "IPv4");
    }
    if (!spec.has("ipFamilyPolicy")) {
      spec.put("ipFamilyPolicy", "SingleStack");
    }
  }
}
