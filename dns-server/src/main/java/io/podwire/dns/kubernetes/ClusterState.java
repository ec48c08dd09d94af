package io.podwire.dns.kubernetes;

import io.podwire.cluster.model.ClusterConfig;
import io.podwire.cluster.model.ClusterUpdate;
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

  /** The cluster's configuration; empty until the first snapshot. */
  public Optional<ClusterConfig> config() {
    return Optional.ofNullable(index).map(ClusterIndex::config);
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
