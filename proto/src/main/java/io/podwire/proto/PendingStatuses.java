package io.podwire.proto;

import io.podwire.cluster.model.ClusterUpdate;
import io.podwire.cluster.model.ModelKind;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Pod;
import io.podwire.cluster.model.PodStatus;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The latest report of each Pod, and which of them this stream has not carried yet; only the latest
 * counts, so a slow stream never makes a queue grow.
 *
 * <p>Not thread-safe.
 */
final class PendingStatuses {

  private final Map<ObjectName, PodStatus> latest = new LinkedHashMap<>();
  private final Set<ObjectName> unsent = new LinkedHashSet<>();

  void put(PodStatus status) {
    latest.put(status.key(), status);
    unsent.add(status.key());
  }

  /** A new stream knows nothing yet. */
  void reconnected() {
    unsent.addAll(latest.keySet());
  }

  Optional<PodStatus> poll() {
    var next = unsent.iterator();
    if (!next.hasNext()) {
      return Optional.empty();
    }
    ObjectName key = next.next();
    next.remove();
    return Optional.ofNullable(latest.get(key));
  }

  /** Forgets the Pods that the control plane does not have any more. */
  void observe(ClusterUpdate update) {
    if (update instanceof ClusterUpdate.Snapshot snapshot) {
      Map<ObjectName, String> uids = new HashMap<>();
      snapshot.objects().stream()
          .filter(Pod.class::isInstance)
          .map(Pod.class::cast)
          .forEach(pod -> uids.put(pod.key(), pod.uid()));
      latest.values().removeIf(status -> !status.uid().equals(uids.get(status.key())));
    } else if (update instanceof ClusterUpdate.Delta delta) {
      for (ClusterUpdate.Change change : delta.changes()) {
        if (change instanceof ClusterUpdate.Removal removal && removal.kind() == ModelKind.POD) {
          latest.remove(removal.key());
        }
      }
    }
    unsent.retainAll(latest.keySet());
  }
}
