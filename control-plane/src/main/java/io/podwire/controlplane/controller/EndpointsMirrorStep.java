package io.podwire.controlplane.controller;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Service;
import io.podwire.cluster.store.ResourceKey;
import io.podwire.cluster.store.Store;
import io.podwire.cluster.store.StoredObject;
import io.podwire.controlplane.kind.Field;
import io.podwire.controlplane.kind.KindTable;
import io.podwire.controlplane.kind.ManifestJson;
import io.podwire.controlplane.kind.Manifests;
import io.podwire.controlplane.kind.ModelReader;
import io.podwire.controlplane.manifest.ManifestEditor;
import io.podwire.packet.addr.IpAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes EndpointSlices of the Endpoints that were written by hand for a Service without a selector,
 * one for each subset and IP family, as Kubernetes' EndpointSliceMirroring controller does.
 */
final class EndpointsMirrorStep implements Step {

  static final String MANAGER = "endpointslicemirroring-controller.k8s.io";

  private static final Logger LOG = LoggerFactory.getLogger(EndpointsMirrorStep.class);
  private static final String SKIP_LABEL = "endpointslice.kubernetes.io/skip-mirror";

  private final Store store;
  private final ManifestEditor editor;

  EndpointsMirrorStep(Store store, ManifestEditor editor) {
    this.store = store;
    this.editor = editor;
  }

  @Override
  public void reconcile(Observation observation) {
    Map<ResourceKey, ObjectNode> wanted = new HashMap<>();
    List<StoredObject> written = store.list(KindTable.ENDPOINTS.resource(), "").objects();
    for (StoredObject stored : written) {
      Service service = observation.services().get(stored.key().objectName());
      if (service != null && service.selector().isEmpty()) {
        Field endpoints = Field.root(ManifestJson.read(stored));
        boolean skipped = "true".equals(endpoints.at("metadata", "labels").at(SKIP_LABEL).text());
        if (!skipped) {
          mirror(stored.key(), endpoints, wanted);
        }
      }
    }
    if (written.isEmpty() && observation.mirrored().isEmpty()) {
      return;
    }
    for (ObjectName name : observation.mirrored()) {
      ResourceKey key = KindTable.ENDPOINT_SLICE.key(name.namespace(), name.name());
      if (!wanted.containsKey(key)) {
        editor.delete(key);
      }
    }
    wanted.forEach((key, content) -> write(key, content, observation));
  }

  private void write(ResourceKey key, ObjectNode content, Observation observation) {
    ObjectName name = key.objectName();
    if (!observation.slices().containsKey(name)) {
      editor.create(KindTable.ENDPOINT_SLICE, key, manifest -> merge(content, manifest));
    } else if (observation.mirrored().contains(name)) {
      editor.edit(key, manifest -> merge(content, manifest));
    } else {
      LOG.warn("EndpointSlice {} was written by hand: Endpoints are not mirrored to it", name);
    }
  }

  private static void merge(ObjectNode content, ObjectNode manifest) {
    Manifests.child(Manifests.child(manifest, "metadata"), "labels")
        .setAll((ObjectNode) content.path("metadata").path("labels"));
    for (String field : List.of("addressType", "ports", "endpoints")) {
      manifest.set(field, content.get(field));
    }
  }

  private static void mirror(
      ResourceKey source, Field endpoints, Map<ResourceKey, ObjectNode> wanted) {
    List<Field> subsets = endpoints.at("subsets").items();
    for (int i = 0; i < subsets.size(); i++) {
      for (boolean ipv4 : new boolean[] {true, false}) {
        ObjectNode slice = ManifestJson.object();
        ArrayNode list = slice.putArray("endpoints");
        subsets.get(i).at("addresses").items().forEach(it -> add(it, ipv4, true, list));
        subsets.get(i).at("notReadyAddresses").items().forEach(it -> add(it, ipv4, false, list));
        if (!list.isEmpty()) {
          String family = ipv4 ? "IPv4" : "IPv6";
          slice.put("addressType", family);
          ports(subsets.get(i), slice.putArray("ports"));
          slice
              .putObject("metadata")
              .putObject("labels")
              .put(ModelReader.SERVICE_NAME_LABEL, source.name())
              .put(SliceManifest.MANAGED_BY_LABEL, MANAGER);
          String name = "%s-%d-%s".formatted(source.name(), i, ipv4 ? "ipv4" : "ipv6");
          wanted.put(KindTable.ENDPOINT_SLICE.key(source.namespace(), name), slice);
        }
      }
    }
  }

  private static void ports(Field subset, ArrayNode ports) {
    for (Field port : subset.at("ports").items()) {
      Integer number = port.at("port").number();
      ports
          .addObject()
          .put("name", port.at("name").textOr(""))
          .put("protocol", port.at("protocol").textOr("TCP"))
          .put("port", number == null ? 0 : number);
    }
  }

  private static void add(Field address, boolean ipv4, boolean ready, ArrayNode endpoints) {
    IpAddress ip = IpAddress.tryParse(address.at("ip").textOr("")).orElse(null);
    if (ip == null || ip.isIpv4() != ipv4) {
      return;
    }
    ObjectNode endpoint = endpoints.addObject();
    endpoint.putArray("addresses").add(ip.toString());
    endpoint.putObject("conditions").put("ready", ready);
    for (String field : List.of("hostname", "nodeName")) {
      if (address.at(field).isGiven()) {
        endpoint.put(field, address.at(field).textOr(""));
      }
    }
    Field target = address.at("targetRef");
    if (target.node() != null) {
      endpoint.set("targetRef", target.node().deepCopy());
    }
  }
}
