package io.podwire.testkit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.podwire.client.api.Resource;
import io.podwire.client.manifest.ManifestFiles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Brings a cluster back to the objects that it had when it was told to remember. */
final class Reset {
  private static final List<Resource> KINDS =
      List.of(
          Resource.SERVICE,
          Resource.ENDPOINTS,
          Resource.ENDPOINT_SLICE,
          Resource.POD,
          Resource.NAMESPACE);

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** What has one of these labels follows its Service by itself. */
  private static final List<String> MANAGED_BY =
      List.of("endpointslice.kubernetes.io/managed-by", "endpoints.kubernetes.io/managed-by");

  /** An object as it was made: of the same name there may be another one later. */
  private record Seen(Resource kind, ObjectKey key, String uid) {}

  private final Cluster cluster;
  private final Map<Seen, String> before = new LinkedHashMap<>();

  Reset(Cluster cluster) {
    this.cluster = cluster;
  }

  /** What there is now is what it is brought back to. */
  void remember() {
    before.clear();
    before.putAll(look());
  }

  /** Each object with its spec, as far as users can change it. */
  private Map<Seen, String> look() {
    Map<Seen, String> seen = new LinkedHashMap<>();
    for (Resource kind : KINDS) {
      for (JsonNode object : cluster.items(kind)) {
        if (MANAGED_BY.stream().noneMatch(object.path("metadata").path("labels")::has)) {
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
    // All at once: most of the time is the Pods' own.
    added.forEach(each -> cluster.beginDelete(each.kind(), each.key(), 0));
    added.forEach(each -> cluster.awaitGone(each.kind(), each.key()));
    awaitNoEndpoint(added);
    boolean intact = now.entrySet().containsAll(before.entrySet());
    if (!intact) {
      cluster
          .topology()
          .everything()
          .forEach(each -> cluster.apply(ManifestFiles.ofText(each.source(), each.text())));
    }
    cluster.awaitReady();
    if (intact) {
      return true;
    }
    Map<Seen, String> after = look();
    boolean whole = names(after).containsAll(names(before));
    before.clear();
    before.putAll(after);
    return whole;
  }

  /** Services must not lead to Pods that are gone: the next test would be refused. */
  private void awaitNoEndpoint(List<Seen> deleted) {
    Set<String> uids = deleted.stream().map(Seen::uid).collect(Collectors.toSet());
    Polling.holds(PATIENCE, () -> uids.isEmpty() || !leadsTo(uids));
  }

  private boolean leadsTo(Set<String> uids) {
    return cluster.items(Resource.ENDPOINT_SLICE).stream()
        .flatMap(slice -> StreamSupport.stream(slice.path("endpoints").spliterator(), false))
        .anyMatch(endpoint -> uids.contains(endpoint.at("/targetRef/uid").asText()));
  }

  private static Set<String> names(Map<Seen, String> objects) {
    return objects.keySet().stream()
        .map(seen -> seen.kind().kind() + " " + seen.key().text())
        .collect(Collectors.toSet());
  }
}
