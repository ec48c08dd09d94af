package io.podwire.proto;

import io.podwire.cluster.model.ClusterUpdate;
import io.podwire.cluster.model.ModelKind;
import io.podwire.cluster.model.ModelObject;
import io.podwire.cluster.model.ObjectName;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The latest report of each object of one kind, and which of them this stream has not carried yet;
 * only the latest counts, so a slow stream never makes a queue grow.
 *
 * <p>Not thread-safe.
 *
 * @param <R> the reports
 */
final class PendingReports<R> {

  private final ModelKind kind;
  private final Function<R, ObjectName> key;
  private final Function<R, String> uid;
  private final Function<ModelObject, String> uidOf;
  private final Map<ObjectName, R> latest = new LinkedHashMap<>();
  private final Set<ObjectName> unsent = new LinkedHashSet<>();

  /**
   * Nothing is reported yet.
   *
   * @param kind of the objects that are reported of
   * @param key of the object of a report
   * @param uid of the object of a report
   * @param uidOf an object of the kind
   */
  PendingReports(
      ModelKind kind,
      Function<R, ObjectName> key,
      Function<R, String> uid,
      Function<ModelObject, String> uidOf) {
    this.kind = kind;
    this.key = key;
    this.uid = uid;
    this.uidOf = uidOf;
  }

  void put(R report) {
    latest.put(key.apply(report), report);
    unsent.add(key.apply(report));
  }

  /** A new stream knows nothing yet. */
  void reconnected() {
    unsent.addAll(latest.keySet());
  }

  Optional<R> poll() {
    var next = unsent.iterator();
    if (!next.hasNext()) {
      return Optional.empty();
    }
    ObjectName name = next.next();
    next.remove();
    return Optional.ofNullable(latest.get(name));
  }

  /** Forgets the objects that the control plane does not have any more. */
  void observe(ClusterUpdate update) {
    if (update instanceof ClusterUpdate.Snapshot snapshot) {
      Map<ObjectName, String> uids = new HashMap<>();
      snapshot.objects().stream()
          .filter(object -> object.kind() == kind)
          .forEach(object -> uids.put(object.key(), uidOf.apply(object)));
      latest.values().removeIf(report -> !uid.apply(report).equals(uids.get(key.apply(report))));
    } else if (update instanceof ClusterUpdate.Delta delta) {
      for (ClusterUpdate.Change change : delta.changes()) {
        if (change instanceof ClusterUpdate.Removal removal && removal.kind() == kind) {
          latest.remove(removal.key());
        }
      }
    }
    unsent.retainAll(latest.keySet());
  }
}
