package io.podwire.testkit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.podwire.client.api.Resource;
import io.podwire.client.manifest.ManifestFiles;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Brings a cluster back to the objects that it had when this was made. */
final class Reset {
  private static final List<Resource> KINDS =
      List.of(Resource.SERVICE, Resource.ENDPOINT_SLICE, Resource.POD, Resource.NAMESPACE);

  /** Slices with this label follow their Services by themselves (discovery.k8s.io). */
  private static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";

  /** An object as it was made: of the same name there may be another one later. */
  private record Seen(Resource kind, ObjectKey key, String uid) {}

  private final Cluster cluster;
  private final Map<Seen, String> before;

  Reset(Cluster cluster) {
    this.cluster = cluster;
    this.before = look();
  }

  /** Each object with its spec, as far as users can change it. */
  private Map<Seen, String> look() {
    Map<Seen, String> seen = new LinkedHashMap<>();
    for (Resource kind : KINDS) {
      for (JsonNode object : cluster.items(kind)) {
        if (!object.path("metadata").path("labels").has(MANAGED_BY)) {
          seen.put(
              new Seen(kind, ObjectKey.of(object), object.at("/metadata/uid").asText()),
              object.path("spec").toString() + object.at("/metadata/labels"));
        }
      }
    }
    return seen;
  }

  /** False where something is gone that the topology does not make. */
  boolean run() {
    cluster.pauses().forEach(Node.Pause::close);
    cluster.faults().forEach(Fault::remove);
    Map<Seen, String> now = look();
    List<Seen> added = new ArrayList<>(now.keySet());
    added.removeAll(before.keySet());
    added.forEach(each -> cluster.delete(each.kind(), each.key()));
    if (!added.isEmpty() || !now.equals(before)) {
      cluster
          .topology()
          .everything()
          .forEach(each -> cluster.apply(ManifestFiles.ofText(each.source(), each.text())));
    }
    cluster.awaitReady();
    if (now.equals(before)) {
      return true;
    }
    if (!look().keySet().stream().map(Reset::name).toList()
        .containsAll(before.keySet().stream().map(Reset::name).toList())) {
      return false;
    }
    before.clear();
    before.putAll(look());
    return true;
  }

  private static String name(Seen seen) {
    return seen.kind().kind() + " " + seen.key().text();
  }
}
