package io.podwire.agent.sync;

import io.podwire.cluster.model.ClusterUpdate;
import io.podwire.cluster.model.ClusterUpdate.Removal;
import io.podwire.cluster.model.ClusterUpdate.Upsert;
import io.podwire.cluster.model.ModelKind;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Pod;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The Pods that this node is to run, kept up with the cluster's state.
 *
 * <p>Not thread-safe; confined to the follower's thread.
 */
final class AssignedPods {

  private final String nodeName;
  private final Map<ObjectName, Pod> pods = new TreeMap<>();

  AssignedPods(String nodeName) {
    this.nodeName = nodeName;
  }

  /** Takes the next step of the state; says whether the Pods of this node may have changed. */
  boolean apply(ClusterUpdate update) {
    return switch (update) {
      case ClusterUpdate.Snapshot snapshot -> {
        pods.clear();
        snapshot.objects().forEach(object -> changed(new Upsert(object)));
        yield true;
      }
      case ClusterUpdate.Delta delta -> {
        boolean changed = false;
        for (ClusterUpdate.Change change : delta.changes()) {
          changed |= changed(change);
        }
        yield changed;
      }
    };
  }

  private boolean changed(ClusterUpdate.Change change) {
    return switch (change) {
      case Upsert(Pod pod) when nodeName.equals(pod.nodeName()) -> {
        pods.put(pod.key(), pod);
        yield true;
      }
      case Upsert(Pod elsewhere) -> pods.remove(elsewhere.key()) != null;
      case Removal removal when removal.kind() == ModelKind.POD ->
          pods.remove(removal.key()) != null;
      default -> false;
    };
  }

  Collection<Pod> pods() {
    return List.copyOf(pods.values());
  }
}
