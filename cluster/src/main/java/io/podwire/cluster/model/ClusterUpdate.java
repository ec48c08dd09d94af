package io.podwire.cluster.model;

import java.util.List;

/**
 * One step of the stream to agents and DNS servers: a snapshot that replaces everything, or the
 * changes since the revision before.
 *
 * @param revision the cluster's revision after this step
 */
public sealed interface ClusterUpdate {

  long revision();

  /** The whole state. */
  record Snapshot(long revision, ClusterConfig config, List<ModelObject> objects)
      implements ClusterUpdate {
    public Snapshot {
      objects = List.copyOf(objects);
    }
  }

  /** Changes in order. */
  record Delta(long revision, List<Change> changes) implements ClusterUpdate {
    public Delta {
      changes = List.copyOf(changes);
    }
  }

  /** One changed object. */
  sealed interface Change {}

  /** Created or changed. */
  record Upsert(ModelObject object) implements Change {}

  /** Deleted. */
  record Removal(ModelKind kind, ObjectName key) implements Change {}
}
