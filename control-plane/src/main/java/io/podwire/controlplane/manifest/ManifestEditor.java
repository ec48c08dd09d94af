package io.podwire.controlplane.manifest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cluster.store.Claim;
import io.podwire.cluster.store.ResourceKey;
import io.podwire.cluster.store.Store;
import io.podwire.cluster.store.StoreException;
import io.podwire.cluster.store.StoredObject;
import io.podwire.controlplane.kind.Kind;
import io.podwire.controlplane.kind.ManifestJson;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Reads, changes and writes single manifests; again where another writer was faster, and not at all
 * where nothing has changed. Thread-safe.
 */
public final class ManifestEditor {

  private static final int MAX_ROUNDS = 20;
  private static final Duration STEP = Duration.ofMillis(10);

  private final Store store;
  private final InstantSource clock;

  public ManifestEditor(Store store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  /** Now, in whole seconds as in Kubernetes' timestamps. */
  public String timestamp() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /**
   * Creates an object with Kubernetes' defaults and the claims of its addresses.
   *
   * @return false where it exists already
   */
  public boolean create(Kind kind, ResourceKey key, Consumer<ObjectNode> content) {
    ObjectNode manifest = ManifestJson.object();
    manifest.put("apiVersion", kind.apiVersion()).put("kind", kind.name());
    ObjectNode metadata = manifest.putObject("metadata").put("name", key.name());
    if (kind.namespaced()) {
      metadata.put("namespace", key.namespace());
    }
    metadata.put("uid", UUID.randomUUID().toString()).put("creationTimestamp", timestamp());
    content.accept(manifest);
    kind.setDefaults(manifest);
    try {
      store.create(key, ManifestJson.toStored(manifest), kind.rules().claims(manifest));
      return true;
    } catch (StoreException.AlreadyExists e) {
      return false;
    }
  }

  /**
   * Changes an object.
   *
   * @return false where there is none
   */
  public boolean edit(ResourceKey key, Consumer<ObjectNode> change) {
    return edit(key, Set.of(), change);
  }

  /** As {@link #edit(ResourceKey, Consumer)}, taking claims with it. */
  public boolean edit(ResourceKey key, Set<Claim> take, Consumer<ObjectNode> change) {
    for (int round = 1; ; round++) {
      Optional<StoredObject> stored = store.get(key);
      if (stored.isEmpty()) {
        return false;
      }
      ObjectNode before = ManifestJson.read(stored.get());
      ObjectNode after = before.deepCopy();
      change.accept(after);
      if (after.equals(before)) {
        return true;
      }
      try {
        store.update(key, ManifestJson.toStored(after), stored.get().revision(), take, Set.of());
        return true;
      } catch (StoreException.NotFound e) {
        return false;
      } catch (StoreException.Conflict overtaken) {
        if (round == MAX_ROUNDS) {
          throw overtaken;
        }
        awaitNewVersion();
      }
    }
  }

  /** The write that was faster is on its way to what this process reads. */
  private static void awaitNewVersion() {
    try {
      Thread.sleep(STEP);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Deletes an object, if it is there. */
  public void delete(ResourceKey key) {
    try {
      store.delete(key, Store.ANY_REVISION);
    } catch (StoreException.NotFound e) {
      // Which is what was wanted.
    }
  }
}
