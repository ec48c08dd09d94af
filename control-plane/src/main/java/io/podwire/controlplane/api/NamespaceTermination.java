package io.podwire.controlplane.api;

import io.podwire.cluster.store.Store;
import io.podwire.cluster.store.StoreEvent;
import io.podwire.cluster.store.StoreException;
import io.podwire.cluster.store.StoredObject;
import io.podwire.controlplane.kind.Kind;
import io.podwire.controlplane.kind.KindTable;
import io.podwire.controlplane.kind.ManifestJson;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finishes the deletion of namespaces: looks again whenever an object has gone or come, and removes
 * a terminating namespace when it is empty.
 *
 * <p>Several control planes may do this at once: every step is a deletion, and finding it done is
 * as good as doing it. Thread-safe.
 */
final class NamespaceTermination implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(NamespaceTermination.class);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Set<String> RESOURCES =
      KindTable.kinds().stream()
          .filter(kind -> kind.namespaced() || kind.equals(KindTable.NAMESPACE))
          .map(Kind::resource)
          .collect(Collectors.toSet());

  private final Store store;
  private final Deletion deletion;
  private final Executor executor;
  private final AtomicBoolean wanted = new AtomicBoolean();
  private final AtomicBoolean running = new AtomicBoolean();
  private volatile boolean closed;
  private Store.@Nullable Watch watch;

  /**
   * @param executor runs the work; must not run it within the call
   */
  NamespaceTermination(Store store, Deletion deletion, Executor executor) {
    this.store = store;
    this.deletion = deletion;
    this.executor = executor;
  }

  synchronized void start() {
    long revision = store.list(KindTable.NAMESPACE.resource(), "").revision();
    watch = store.watch(RESOURCES, revision, this::changed);
    look();
  }

  private void changed(StoreEvent event) {
    boolean matters =
        switch (event) {
          case StoreEvent.Removed removed -> true;
          case StoreEvent.Put put ->
              put.created() || put.object().key().resource().equals(KindTable.NAMESPACE.resource());
        };
    if (matters) {
      look();
    }
  }

  /** Runs one round, or another after the one that runs. */
  private void look() {
    wanted.set(true);
    if (running.compareAndSet(false, true)) {
      executor.execute(this::rounds);
    }
  }

  private void rounds() {
    while (!closed && wanted.getAndSet(false)) {
      try {
        for (StoredObject namespace : store.list(KindTable.NAMESPACE.resource(), "").objects()) {
          if (ObjectChecks.isTerminating(ManifestJson.read(namespace))) {
            deletion.deleteContent(namespace.key().name());
          }
        }
      } catch (StoreException | ApiException e) {
        LOG.warn("Deleting the content of namespaces is tried again: {}", e.getMessage());
        wanted.set(true);
        LockSupport.parkNanos(RETRY.toNanos());
      }
    }
    running.set(false);
    if (!closed && wanted.get()) {
      look();
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (watch != null) {
      watch.close();
      watch = null;
    }
  }
}
