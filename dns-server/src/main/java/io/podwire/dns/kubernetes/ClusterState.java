package io.podwire.dns.kubernetes;

import io.podwire.cluster.model.ClusterConfig;
import io.podwire.cluster.model.ClusterUpdate;
import io.podwire.dns.handler.Reuse;
import io.podwire.packet.dns.DnsName;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The latest index, swapped whole at each update; kept when updates stop coming.
 *
 * <p>Updates come from one thread at a time; everything else is thread-safe.
 */
public final class ClusterState implements Consumer<ClusterUpdate> {
  private final CountDownLatch synced = new CountDownLatch(1);
  private volatile @Nullable ClusterIndex index;

  @Override
  public void accept(ClusterUpdate update) {
    ClusterIndex current = index;
    switch (update) {
      case ClusterUpdate.Snapshot snapshot -> index = ClusterIndex.of(snapshot);
      case ClusterUpdate.Delta delta -> {
        if (current == null) {
          throw new IllegalStateException("a delta came before any snapshot");
        }
        index = current.apply(delta);
      }
    }
    synced.countDown();
  }

  /** Null until the first snapshot. */
  @Nullable ClusterIndex index() {
    return index;
  }

  /** That not a thing has changed since this index. */
  Reuse.Condition unchanged(ClusterIndex seen) {
    ClusterIndex.Edition edition = seen.edition();
    return () -> isEdition(edition);
  }

  /** That nothing about one of the Services has changed since they were in the index. */
  Reuse.Condition unchanged(ClusterIndex seen, ServiceRecords records) {
    return new SameService(seen.edition(), records);
  }

  private boolean isEdition(ClusterIndex.Edition edition) {
    ClusterIndex current = index;
    return current != null && current.edition() == edition;
  }

  /**
   * Looks a Service up once per change of the cluster. Two threads that do so at once come to the
   * same end.
   */
  private final class SameService implements Reuse.Condition {
    private final ServiceRecords records;
    private volatile ClusterIndex.Edition seen;

    SameService(ClusterIndex.Edition seen, ServiceRecords records) {
      this.seen = seen;
      this.records = records;
    }

    // The very same instance, or it has changed.
    @SuppressWarnings("ReferenceEquality")
    @Override
    public boolean holds() {
      ClusterIndex current = index;
      if (current == null) {
        return false;
      }
      if (current.edition() == seen) {
        return true;
      }
      if (current.service(records.service().key()) != records) {
        return false;
      }
      seen = current.edition();
      return true;
    }
  }

  /** The cluster's configuration; empty until the first snapshot. */
  public Optional<ClusterConfig> config() {
    return Optional.ofNullable(index).map(ClusterIndex::config);
  }

  /** The zone that the cluster says is its own; the usual one until it has said so. */
  public DnsName zone() {
    ClusterIndex current = index;
    return current == null ? ClusterIndex.DEFAULT_ZONE : current.zone();
  }

  /** The revision that answers come from; 0 until the first snapshot. */
  public long revision() {
    ClusterIndex current = index;
    return current == null ? 0 : current.revision();
  }

  /** Waits for the first snapshot; false if it has not come by then. */
  public boolean awaitSync(long timeout, TimeUnit unit) throws InterruptedException {
    return synced.await(timeout, unit);
  }
}
