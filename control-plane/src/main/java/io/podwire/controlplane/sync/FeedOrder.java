package io.podwire.controlplane.sync;

import io.podwire.cluster.store.ResourceKey;
import java.util.Comparator;
import java.util.List;

/** The order of a snapshot: what others refer to comes first. */
final class FeedOrder {

  private static final List<String> KINDS =
      List.of("namespaces", "nodes", "services", "endpointslices.discovery.k8s.io", "pods");

  static final Comparator<ResourceKey> BY_KIND =
      Comparator.<ResourceKey>comparingInt(key -> KINDS.indexOf(key.resource()))
          .thenComparing(ResourceKey::objectName);

  private FeedOrder() {}
}
