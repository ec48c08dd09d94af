package io.podwire.controlplane.controller;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cluster.model.EndpointSlice;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Protocol;
import io.podwire.cluster.store.ResourceKey;
import io.podwire.cluster.store.Store;
import io.podwire.cluster.store.StoreException;
import io.podwire.controlplane.kind.KindTable;
import io.podwire.controlplane.kind.Manifests;
import io.podwire.controlplane.kind.ModelReader;
import io.podwire.controlplane.manifest.ManifestEditor;
import io.podwire.packet.addr.IpAddress;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what every cluster has: the first namespaces, and the Service {@code kubernetes.default} in
 * front of the control planes, through which Pods reach them.
 */
final class BuiltInStep implements Step {

  /** Where the control planes are, as agents and Pods reach them. */
  record Members(Set<IpAddress> addresses, int syncPort) {}

  private static final Logger LOG = LoggerFactory.getLogger(BuiltInStep.class);
  private static final List<String> NAMESPACES = List.of("default", "kube-system");
  private static final ObjectName KUBERNETES = new ObjectName("default", "kubernetes");
  private static final int HTTPS_PORT = 443;
  private static final int API_PORT = 6443;
  private static final String SYNC = "sync";

  private final Store store;
  private final ManifestEditor editor;
  private final IpAddress clusterIp;
  private final Supplier<Members> members;
  private boolean conflictReported;

  BuiltInStep(Store store, ManifestEditor editor, IpAddress clusterIp, Supplier<Members> members) {
    this.store = store;
    this.editor = editor;
    this.clusterIp = clusterIp;
    this.members = members;
  }

  @Override
  public void reconcile(Observation observation) {
    for (String name : NAMESPACES) {
      ResourceKey key = KindTable.NAMESPACE.key("", name);
      if (store.get(key).isEmpty()) {
        editor.create(
            KindTable.NAMESPACE,
            key,
            namespace -> Manifests.child(namespace, "status").put("phase", "Active"));
      }
    }
    Members present = members.get();
    if (!observation.services().containsKey(KUBERNETES)) {
      createService(present.syncPort());
    }
    writeSlice(observation, present);
  }

  private void createService(int syncPort) {
    try {
      editor.create(
          KindTable.SERVICE,
          KindTable.SERVICE.key(KUBERNETES.namespace(), KUBERNETES.name()),
          service -> describe(service, syncPort));
    } catch (StoreException.ClaimTaken e) {
      if (!conflictReported) {
        conflictReported = true;
        LOG.error(
            "{} cannot have {}, which is another Service's; delete that one",
            KUBERNETES,
            clusterIp);
      }
    }
  }

  private void describe(ObjectNode service, int syncPort) {
    Manifests.child(Manifests.child(service, "metadata"), "labels")
        .put("component", "apiserver")
        .put("provider", "kubernetes");
    ObjectNode spec = service.putObject("spec").put("type", "ClusterIP");
    spec.put("clusterIP", clusterIp.toString());
    spec.putArray("clusterIPs").add(clusterIp.toString());
    spec.putArray("ipFamilies").add(clusterIp.isIpv4() ? "IPv4" : "IPv6");
    spec.put("ipFamilyPolicy", "SingleStack");
    ArrayNode ports = spec.putArray("ports");
    ports
        .addObject()
        .put("name", "https")
        .put("protocol", "TCP")
        .put("port", HTTPS_PORT)
        .put("targetPort", API_PORT);
    ports
        .addObject()
        .put("name", SYNC)
        .put("protocol", "TCP")
        .put("port", syncPort)
        .put("targetPort", syncPort);
  }

  private void writeSlice(Observation observation, Members present) {
    List<EndpointSlice.Endpoint> endpoints =
        present.addresses().stream()
            .sorted()
            .map(address ->
                new EndpointSlice.Endpoint(List.of(address), true, true, false, null, null, null))
            .toList();
    EndpointSlice slice =
        new EndpointSlice(
            KUBERNETES,
            KUBERNETES.name(),
            List.of(new EndpointSlice.Port(SYNC, Protocol.TCP, present.syncPort())),
            endpoints);
    if (slice.equals(observation.slices().get(KUBERNETES))) {
      return;
    }
    ResourceKey key = KindTable.ENDPOINT_SLICE.key(KUBERNETES.namespace(), KUBERNETES.name());
    if (!editor.edit(key, manifest -> describe(slice, manifest))) {
      editor.create(KindTable.ENDPOINT_SLICE, key, manifest -> describe(slice, manifest));
    }
  }

  private void describe(EndpointSlice slice, ObjectNode manifest) {
    Manifests.child(Manifests.child(manifest, "metadata"), "labels")
        .put(ModelReader.SERVICE_NAME_LABEL, slice.serviceName());
    manifest.put("addressType", clusterIp.isIpv4() ? "IPv4" : "IPv6");
    SliceManifest.writePorts(slice, manifest);
    ArrayNode endpoints = manifest.putArray("endpoints");
    for (EndpointSlice.Endpoint endpoint : slice.endpoints()) {
      ObjectNode target = endpoints.addObject();
      target.putArray("addresses").add(endpoint.addresses().get(0).toString());
      target.putObject("conditions").put("ready", true);
    }
  }
}
