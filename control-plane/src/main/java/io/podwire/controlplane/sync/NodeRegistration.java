package io.podwire.controlplane.sync;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cluster.store.ResourceKey;
import io.podwire.cluster.store.Store;
import io.podwire.controlplane.kind.KindTable;
import io.podwire.controlplane.kind.Manifests;
import io.podwire.controlplane.kind.NodeAnnotations;
import io.podwire.controlplane.manifest.Conditions;
import io.podwire.controlplane.manifest.ManifestEditor;
import io.podwire.proto.v1.Hello;
import java.time.InstantSource;

/** Writes down what an agent says of its node, which is Ready from then on. Thread-safe. */
final class NodeRegistration {

  private static final String HOSTNAME_LABEL = "kubernetes.io/hostname";
  private static final String OS_LABEL = "kubernetes.io/os";

  private final ManifestEditor editor;

  NodeRegistration(Store store, InstantSource clock) {
    this.editor = new ManifestEditor(store, clock);
  }

  void register(Hello hello) {
    ResourceKey key = KindTable.NODE.key("", hello.getNodeName());
    while (!editor.edit(key, node -> describe(node, hello))
        && !editor.create(KindTable.NODE, key, node -> describe(node, hello))) {
      // Created by another meanwhile, so there is one to change.
      Thread.onSpinWait();
    }
  }

  private void describe(ObjectNode node, Hello hello) {
    ObjectNode metadata = Manifests.child(node, "metadata");
    ObjectNode labels = Manifests.child(metadata, "labels");
    labels.put(HOSTNAME_LABEL, hello.getNodeName()).put(OS_LABEL, "linux");
    hello.getLabelsMap().forEach(labels::put);
    ObjectNode annotations = Manifests.child(metadata, "annotations");
    if (hello.getVtepMac().isEmpty()) {
      annotations.remove(NodeAnnotations.VTEP_MAC);
    } else {
      annotations.put(NodeAnnotations.VTEP_MAC, hello.getVtepMac());
    }
    annotations.put(NodeAnnotations.VXLAN_PORT, Integer.toString(hello.getVxlanPort()));
    annotations.put(NodeAnnotations.AGENT_PORT, Integer.toString(hello.getAgentPort()));
    if (hello.getAttachSocket().isEmpty()) {
      annotations.remove(NodeAnnotations.ATTACH_SOCKET);
    } else {
      annotations.put(NodeAnnotations.ATTACH_SOCKET, hello.getAttachSocket());
    }
    ArrayNode addresses = Manifests.child(node, "status").putArray("addresses");
    addresses.addObject().put("type", "InternalIP").put("address", hello.getAddress());
    for (String address : hello.getFurtherAddressesList()) {
      addresses.addObject().put("type", "InternalIP").put("address", address);
    }
    addresses.addObject().put("type", "Hostname").put("address", hello.getNodeName());
    Conditions.set(
        node, "Ready", "True", "AgentReady", "the agent is connected", editor.timestamp());
  }
}
