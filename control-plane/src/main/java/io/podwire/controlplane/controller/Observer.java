package io.podwire.controlplane.controller;

import io.podwire.cluster.model.ModelObject;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.store.ResourceKey;
import io.podwire.cluster.store.Store;
import io.podwire.cluster.store.StoredObject;
import io.podwire.controlplane.kind.Kind;
import io.podwire.controlplane.kind.KindTable;
import io.podwire.controlplane.kind.ManifestJson;
import io.podwire.controlplane.kind.ModelReader;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the registry for the reconcilers; an object that has not changed is not read again.
 *
 * <p>Not thread-safe.
 */
final class Observer {

  private static final Logger LOG = LoggerFactory.getLogger(Observer.class);

  private record Reading(long revision, ModelObject object, String manager) {}

  private final Store store;
  private Map<ResourceKey, Reading> readings = new HashMap<>();
  private @Nullable Observation last;
  private long lastRevision;

  Observer(Store store) {
    this.store = store;
  }

  /** What there is now; the same object as before where nothing has changed. */
  Observation observe() {
    // Before everything that is read below: what is newer than that is found at the next time.
    long revision = store.list(KindTable.NAMESPACE.resource(), "").revision();
    Observation known = last;
    if (known != null && revision == lastRevision) {
      return known;
    }
    Observation now = read();
    last = now;
    lastRevision = revision;
    return now;
  }

  private Observation read() {
    Map<ResourceKey, Reading> next = new HashMap<>();
    Set<ObjectName> madeHere = new HashSet<>();
    Set<ObjectName> mirrored = new HashSet<>();
    Observation observation =
        new Observation(
            read(KindTable.NODE, ModelReader::node, next),
            read(KindTable.POD, ModelReader::pod, next),
            read(KindTable.SERVICE, ModelReader::service, next),
            read(KindTable.ENDPOINT_SLICE, ModelReader::endpointSlice, next),
            madeHere,
            mirrored);
    next.forEach((key, reading) -> {
      if (reading.manager().equals(SliceManifest.MANAGER)) {
        madeHere.add(key.objectName());
      } else if (reading.manager().equals(EndpointsMirrorStep.MANAGER)) {
        mirrored.add(key.objectName());
      }
    });
    readings = next;
    return observation;
  }

  @SuppressWarnings("unchecked")
  private <T extends ModelObject> Map<ObjectName, T> read(
      Kind kind, Function<StoredObject, T> reader, Map<ResourceKey, Reading> next) {
    Map<ObjectName, T> objects = new TreeMap<>();
    for (StoredObject stored : store.list(kind.resource(), "").objects()) {
      Reading reading = readings.get(stored.key());
      if (reading == null || reading.revision() != stored.revision()) {
        try {
          reading = new Reading(stored.revision(), reader.apply(stored), manager(kind, stored));
        } catch (RuntimeException e) {
          LOG.error("{} is unreadable and is left out: {}", stored, e.getMessage());
          continue;
        }
      }
      next.put(stored.key(), reading);
      objects.put(stored.key().objectName(), (T) reading.object());
    }
    return objects;
  }

  /** Who maintains a slice; empty for other objects. */
  private static String manager(Kind kind, StoredObject stored) {
    return kind == KindTable.ENDPOINT_SLICE
        ? ManifestJson.read(stored)
            .path("metadata")
            .path("labels")
            .path(SliceManifest.MANAGED_BY_LABEL)
            .asText()
        : "";
  }
}
