package io.podwire.controlplane.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cluster.store.ResourceKey;
import io.podwire.cluster.store.StoreEvent;
import io.podwire.controlplane.kind.ManifestJson;
import io.podwire.controlplane.kind.Manifests;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns the registry's events into those of a watch with selectors: an object that begins to match
 * is ADDED, one that ceases to is DELETED. Not thread-safe; one per watch.
 */
final class WatchFilter {

  private final ObjectFilter filter;
  private final Set<ResourceKey> matching = new HashSet<>();
  private final Set<ResourceKey> unknown = new HashSet<>();

  WatchFilter(ObjectFilter filter) {
    this.filter = filter;
  }

  /** What a client is told. */
  record Change(String type, ObjectNode object) {}

  /**
   * Takes in an object that is there when the watch begins.
   *
   * @param asOfStart whether this version is the one at the revision the watch starts from; if not,
   *     whether the client knows the object is not known here
   * @return whether it matches
   */
  boolean start(ResourceKey key, ObjectNode manifest, boolean asOfStart) {
    boolean matches = filter.matches(manifest);
    if (!asOfStart) {
      unknown.add(key);
    } else if (matches) {
      matching.add(key);
    }
    return matches;
  }

  /** What the event means to the client; null where nothing. */
  @Nullable Change apply(StoreEvent event) {
    return switch (event) {
      case StoreEvent.Put put -> put(put);
      case StoreEvent.Removed removed -> {
        ObjectNode last = ManifestJson.read(removed.last());
        Manifests.child(last, "metadata").put("resourceVersion", Long.toString(removed.revision()));
        ResourceKey key = removed.last().key();
        boolean matched = matching.remove(key);
        boolean unsure = unknown.remove(key);
        yield matched || unsure || filter.matches(last) ? new Change("DELETED", last) : null;
      }
    };
  }

  private @Nullable Change put(StoreEvent.Put put) {
    ResourceKey key = put.object().key();
    ObjectNode manifest = ManifestJson.read(put.object());
    boolean unsure = unknown.remove(key) && !put.created();
    if (filter.matches(manifest)) {
      boolean isNew = matching.add(key) && !unsure;
      return new Change(isNew ? "ADDED" : "MODIFIED", manifest);
    }
    // Where it is unsure, an event too many is harmless and one too few is not.
    return matching.remove(key) || unsure ? new Change("DELETED", manifest) : null;
  }
}
