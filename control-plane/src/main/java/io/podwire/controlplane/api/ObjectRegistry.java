package io.podwire.controlplane.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cluster.store.Claim;
import io.podwire.cluster.store.ResourceKey;
import io.podwire.cluster.store.Store;
import io.podwire.cluster.store.StoreException;
import io.podwire.cluster.store.StoredObject;
import io.podwire.controlplane.kind.Kind;
import io.podwire.controlplane.kind.ManifestJson;
import java.util.HashSet;
import java.util.Set;

/**
 * Reads and writes single objects with their claims. A choice of addresses that another writer took
 * first is made again. Thread-safe.
 */
final class ObjectRegistry {

  /** Rounds of choosing addresses; each lost one means that another Service got an address. */
  private static final int MAX_ALLOCATIONS = 16;

  /** Below what a registry takes as one value; ZooKeeper's own limit is 1 MiB. */
  private static final int MAX_OBJECT = 768 << 10;

  private final Store store;
  private final ServiceAllocation allocation;

  ObjectRegistry(Store store, ServiceAllocation allocation) {
    this.store = store;
    this.allocation = allocation;
  }

  /** The object with its resourceVersion. */
  ObjectNode get(Kind kind, ResourceKey key) {
    return store
        .get(key)
        .map(ManifestJson::read)
        .orElseThrow(() -> ApiException.notFound(kind, key.name()));
  }

  /** Chooses addresses without taking them. */
  ObjectNode allocate(Kind kind, ObjectNode manifest, Set<Claim> reserved) {
    return allocation.allocate(kind, manifest, reserved);
  }

  /** Creates the object, with addresses where it leaves them open. */
  ObjectNode create(Kind kind, ObjectNode manifest) {
    ResourceKey key = ObjectChecks.key(kind, manifest);
    return written(kind, manifest, Set.of(), (value, claims) -> store.create(key, value, claims));
  }

  /** Replaces the version before with the one after; a conflict is thrown as the store's. */
  ObjectNode update(Kind kind, ObjectNode before, ObjectNode after) {
    ResourceKey key = ObjectChecks.key(kind, before);
    Set<Claim> held = kind.rules().claims(before);
    return written(
        kind,
        after,
        held,
        (value, claims) -> {
          Set<Claim> release = new HashSet<>(held);
          release.removeAll(claims);
          Set<Claim> take = new HashSet<>(claims);
          take.removeAll(held);
          return store.update(key, value, revision(before), take, release);
        });
  }

  static long revision(ObjectNode manifest) {
    return Long.parseLong(manifest.path("metadata").path("resourceVersion").asText("0"));
  }

  private ObjectNode written(Kind kind, ObjectNode manifest, Set<Claim> held, Write write) {
    for (int round = 1; ; round++) {
      ObjectNode allocated = allocation.allocate(kind, manifest, Set.of());
      Set<Claim> claims = kind.rules().claims(allocated);
      byte[] value = ManifestJson.toStored(allocated);
      if (value.length > MAX_OBJECT) {
        throw ApiException.of(
            413,
            "RequestEntityTooLarge",
            "the object has " + value.length + " bytes; one object may have " + MAX_OBJECT);
      }
      try {
        StoredObject stored = write.write(value, claims);
        return ManifestJson.read(stored);
      } catch (StoreException.ClaimTaken lost) {
        boolean named = kind.rules().claims(manifest).contains(lost.claim());
        if (named || held.contains(lost.claim()) || round == MAX_ALLOCATIONS) {
          throw lost;
        }
      }
    }
  }

  private interface Write {
    StoredObject write(byte[] value, Set<Claim> claims);
  }
}
