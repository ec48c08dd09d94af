package io.podwire.controlplane.sync;

import io.podwire.cluster.store.ResourceKey;
import io.podwire.controlplane.kind.FaultReader;
import io.podwire.controlplane.kind.Kind;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The order of a snapshot: what others refer to comes first. */
final class FeedOrder {

  private static final List<String> KINDS =
      Stream.concat(
              Stream.of(
                  "namespaces", "nodes", "services", "endpointslices.discovery.k8s.io", "pods"),
              FaultReader.kinds().stream().map(Kind::resource))
          .toList();

  static final Comparator<ResourceKey> BY_KIND =
      Comparator.<ResourceKey>comparingInt(key -> KINDS.indexOf(key.resource()))
          .thenComparing(ResourceKey::objectName);

  private FeedOrder() {}

  /** What is sent at all. */
  static Set<String> resources() {
    return Set.copyOf(KINDS);
  }
}
