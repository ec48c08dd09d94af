package io.podwire.controlplane.api;

import io.podwire.cluster.model.Container;
import io.podwire.cluster.model.Node;
import io.podwire.cluster.model.Pod;
import io.podwire.cluster.store.ResourceKey;
import io.podwire.cluster.store.Store;
import io.podwire.controlplane.kind.KindTable;
import io.podwire.controlplane.kind.ModelReader;
import java.util.List;

/** Finds the Pod, the container and the node that a request for logs, exec or packets means. */
final class PodAccess {

  private final Store store;

  PodAccess(Store store) {
    this.store = store;
  }

  /** A Pod on a node. */
  record Target(Pod pod, Node node, String container) {}

  /** The target, or the reason why there is none. */
  Target find(Request request) {
    ResourceKey key = KindTable.POD.key(request.parameter("namespace"), request.parameter("name"));
    if (!ObjectChecks.isAddressable(KindTable.POD, key)) {
      throw ApiException.notFound(KindTable.POD, key.name());
    }
    Pod pod =
        store
            .get(key)
            .map(ModelReader::pod)
            .orElseThrow(() -> ApiException.notFound(KindTable.POD, key.name()));
    String nodeName = pod.nodeName();
    if (nodeName == null) {
      throw ApiException.badRequest(
          "pod " + pod.key() + " is not on a node yet; wait until it is scheduled");
    }
    Node node =
        store
            .get(KindTable.NODE.key("", nodeName))
            .map(ModelReader::node)
            .orElseThrow(() ->
                ApiException.of(
                    503,
                    "ServiceUnavailable",
                    "node " + nodeName + " of pod " + pod.key() + " does not exist any more"));
    return new Target(pod, node, container(pod, request.query("container")));
  }

  /** The node that the path names. */
  Node node(Request request) {
    ResourceKey key = KindTable.NODE.key("", request.parameter("name"));
    if (!ObjectChecks.isAddressable(KindTable.NODE, key)) {
      throw ApiException.notFound(KindTable.NODE, key.name());
    }
    return store
        .get(key)
        .map(ModelReader::node)
        .orElseThrow(() -> ApiException.notFound(KindTable.NODE, key.name()));
  }

  private static String container(Pod pod, String asked) {
    List<String> names = pod.spec().containers().stream().map(Container::name).toList();
    if (!asked.isEmpty() && !names.contains(asked)) {
      throw ApiException.badRequest(
          "container '"
              + asked
              + "' is not in pod "
              + pod.key()
              + "; its containers are "
              + String.join(", ", names));
    }
    return asked.isEmpty() ? names.getFirst() : asked;
  }
}
