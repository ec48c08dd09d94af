package io.podwire.controlplane.zookeeper;

import io.podwire.cluster.store.Registry;
import io.podwire.cluster.store.ResourceKey;
import io.podwire.cluster.store.StoreException;
import io.podwire.cluster.store.StoredObject;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a {@link Registry} equal to ZooKeeper's, by one persistent recursive watch.
 *
 * <p>Every change is applied in the order of the zxids and at its own zxid: an event whose znode
 * has changed again since is left to the later event. A connection that broke may have lost events,
 * so each new one begins with a full listing that is compared with what is held; events that arrive
 * meanwhile wait. Thread-safe.
 */
final class WatchCache implements Watcher, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(WatchCache.class);
  private static final Duration RETRY = Duration.ofMillis(200);
  private static final long MARKER_MILLIS = 5000;

  private final ZooKeeperConnection connection;
  private final Registry registry;
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("watch-cache").factory());
  private final Map<ResourceKey, Long> creations = new HashMap<>();
  private final Deque<RegistryChange> waiting = new ArrayDeque<>();
  private @Nullable ZooKeeper handle;
  // Grows whenever the connection breaks: what belongs to an earlier one is not looked at any more.
  private int generation;
  private boolean synced;
  private boolean everSynced;
  private boolean resyncing;
  private boolean closed;

  WatchCache(ZooKeeperConnection connection, Registry registry) {
    this.connection = connection;
    this.registry = registry;
    connection
        .curator()
        .getConnectionStateListenable()
        .addListener((client, state) -> {
          if (!state.isConnected()) {
            interrupted();
          }
        });
  }

  /** Waits, for as long as it takes, until the registry has been read for the first time. */
  void start() throws InterruptedException {
    interrupted();
    synchronized (this) {
      while (!everSynced && !closed) {
        wait();
      }
    }
  }

  @Override
  public synchronized void process(WatchedEvent event) {
    ZooKeeper zooKeeper = handle;
    if (closed || zooKeeper == null) {
      return;
    }
    if (event.getType() == Event.EventType.None) {
      switch (event.getState()) {
        case Disconnected, Expired, Closed -> interrupted();
        default -> {}
      }
      return;
    }
    if (event.getZxid() == WatchedEvent.NO_ZXID) {
      LOG.error("ZooKeeper tells no zxid with its events: it has to be 3.9 or newer");
      return;
    }
    RegistryChange change = RegistryChange.of(event, generation);
    waiting.addLast(change);
    if (!change.isComplete()) {
      zooKeeper.getData(event.getPath(), false, this::wasRead, change);
    }
    drain();
    notifyAll();
  }

  private synchronized void wasRead(
      int code, String path, Object context, byte @Nullable [] data, @Nullable Stat stat) {
    RegistryChange change = (RegistryChange) context;
    if (change.generation() != generation) {
      return;
    }
    switch (KeeperException.Code.get(code)) {
      case OK -> change.complete(data, stat);
      case NONODE -> change.complete(null, null);
      default -> {
        interrupted();
        return;
      }
    }
    drain();
  }

  private void drain() {
    while (synced && !waiting.isEmpty() && waiting.getFirst().isComplete()) {
      apply(waiting.removeFirst());
    }
  }

  private void apply(RegistryChange change) {
    if (change.zxid() < registry.revision()) {
      return;
    }
    Optional<ResourceKey> key = change.key();
    if (key.isPresent() && revision(key.get()) < change.zxid()) {
      if (change.isDeletion()) {
        remove(key.get(), change.zxid());
        return;
      }
      Optional<Znode> znode = change.znode();
      if (znode.isPresent() && znode.get().modified() == change.zxid()) {
        put(key.get(), znode.get());
        return;
      }
    }
    registry.advance(change.zxid());
  }

  private long revision(ResourceKey key) {
    return registry.get(key).map(StoredObject::revision).orElse(0L);
  }

  private void put(ResourceKey key, Znode znode) {
    creations.put(key, znode.created());
    registry.put(
        new StoredObject(key, znode.content().value(), znode.modified()), znode.content().claims());
  }

  private void remove(ResourceKey key, long zxid) {
    creations.remove(key);
    registry.remove(key, zxid);
  }

  private synchronized void interrupted() {
    generation++;
    waiting.clear();
    synced = false;
    if (!resyncing && !closed) {
      resyncing = true;
      worker.execute(this::resyncUntilDone);
    }
    notifyAll();
  }

  private void resyncUntilDone() {
    while (true) {
      synchronized (this) {
        if (closed || synced) {
          resyncing = false;
          return;
        }
      }
      try {
        connection.awaitConnected();
        resync();
      } catch (KeeperException | StoreException e) {
        LOG.debug("the registry could not be listed and is listed again", e);
        pause();
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(RETRY);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void resync() throws KeeperException, InterruptedException {
    ZooKeeper zooKeeper = connection.handle();
    int mine;
    synchronized (this) {
      mine = ++generation;
      waiting.clear();
      handle = zooKeeper;
    }
    Znodes.createRoots(zooKeeper);
    zooKeeper.addWatch(Znodes.REGISTRY, this, AddWatchMode.PERSISTENT_RECURSIVE);
    // Everything up to the first marker is in the listing, everything after it comes as an event;
    // the second marker's event shows that the events of the time of the listing have arrived.
    long start = mark(zooKeeper);
    Map<ResourceKey, Znode> listed = RegistryListing.read(zooKeeper);
    long end = mark(zooKeeper);
    synchronized (this) {
      if (!awaitEvent(end, mine)) {
        return;
      }
      catchUp(listed, start);
      synced = true;
      everSynced = true;
      drain();
      notifyAll();
    }
  }

  private static long mark(ZooKeeper zooKeeper) throws KeeperException, InterruptedException {
    return zooKeeper.setData(Znodes.MARKER, new byte[0], Znodes.ANY_VERSION).getMzxid();
  }

  private boolean awaitEvent(long zxid, int mine) throws InterruptedException {
    long deadline = System.currentTimeMillis() + MARKER_MILLIS;
    while (mine == generation && (waiting.isEmpty() || waiting.getLast().zxid() < zxid)) {
      long left = deadline - System.currentTimeMillis();
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return mine == generation;
  }

  /** Applies what happened up to the marker and was not seen. */
  private void catchUp(Map<ResourceKey, Znode> listed, long start) {
    Set<ResourceKey> deletedLater = new HashSet<>();
    for (RegistryChange change : waiting) {
      if (change.isDeletion() && change.zxid() > start) {
        change.key().ifPresent(deletedLater::add);
      }
    }
    var missed = RegistryListing.missed(listed, registry.all(), creations, deletedLater, start);
    for (RegistryListing.Missed step : missed) {
      Znode znode = step.znode();
      if (znode == null) {
        remove(step.key(), step.revision());
      } else {
        put(step.key(), znode);
      }
    }
    registry.advance(Math.max(start, registry.revision()));
    if (!missed.isEmpty()) {
      // What was missed is known as a whole only, not step by step.
      registry.forgetHistory();
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    worker.shutdownNow();
    notifyAll();
  }
}
