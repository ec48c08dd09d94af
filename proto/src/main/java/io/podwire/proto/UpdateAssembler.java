package io.podwire.proto;

import io.podwire.cluster.model.ClusterConfig;
import io.podwire.cluster.model.ClusterUpdate;
import io.podwire.cluster.model.ModelObject;
import io.podwire.proto.v1.Change;
import io.podwire.proto.v1.Update;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts the messages of one stream together to whole steps; a step that came in several messages is
 * seen only when it is complete.
 *
 * <p>Not thread-safe; one per stream.
 */
public final class UpdateAssembler {

  private final List<ClusterUpdate.Change> changes = new ArrayList<>();
  private @Nullable ClusterConfig config;

  /**
   * The step that this message completes.
   *
   * @throws IllegalArgumentException if the message is malformed
   */
  public Optional<ClusterUpdate> add(Update message) {
    if (message.hasConfig()) {
      config = ProtoTranslator.fromMessage(message.getConfig());
    }
    for (Change change : message.getChangesList()) {
      changes.add(ProtoTranslator.fromMessage(change));
    }
    if (!message.getComplete()) {
      return Optional.empty();
    }
    ClusterUpdate update =
        message.getSnapshot()
            ? snapshot(message.getRevision())
            : new ClusterUpdate.Delta(message.getRevision(), changes);
    changes.clear();
    config = null;
    return Optional.of(update);
  }

  private ClusterUpdate.Snapshot snapshot(long revision) {
    ClusterConfig known = config;
    if (known == null) {
      throw new IllegalArgumentException("a snapshot without the cluster's configuration");
    }
    List<ModelObject> objects = new ArrayList<>();
    for (ClusterUpdate.Change change : changes) {
      if (!(change instanceof ClusterUpdate.Upsert upsert)) {
        throw new IllegalArgumentException("a snapshot with a removal");
      }
      objects.add(upsert.object());
    }
    return new ClusterUpdate.Snapshot(revision, known, objects);
  }
}
