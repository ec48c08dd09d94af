package io.podwire.controlplane.zookeeper;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.podwire.cluster.store.StoreException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is there: an ephemeral znode for each node whose agent is connected to some control plane, or
 * for each control plane itself.
 *
 * <p>Thread-safe; listeners are called on a thread of their own.
 */
public final class Presence implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Presence.class);
  private static final int MAX_ROUNDS = 20;
  private static final Duration RETRY = Duration.ofMillis(200);

  /**
   * Somebody's claim to a name.
   *
   * @param instance random, new at each start and each connection
   * @param address {@code host:port} that no two can have, such as that of a node's VTEP
   * @param holder the control plane that holds the name for them
   */
  public record Session(String name, String instance, String address, String holder) {

    private byte[] encode() {
      return String.join("\n", instance, address, holder).getBytes(UTF_8);
    }

    private static Session decode(String name, byte[] data) {
      String[] lines = new String(data, UTF_8).split("\n", 3);
      return new Session(name, lines[0], lines[1], lines[2]);
    }

    private boolean mayReplace(Session other) {
      return instance.equals(other.instance) || address.equals(other.address);
    }
  }

  private final ZooKeeperConnection connection;
  private final String root;
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("node-sessions").factory());
  private final AtomicBoolean refreshing = new AtomicBoolean();
  private final Map<String, Session> held = new HashMap<>();
  private final CopyOnWriteArrayList<Runnable> listeners = new CopyOnWriteArrayList<>();
  // One object, so that adding it again is no second watch.
  private final Watcher watcher = event -> changed();
  private volatile Map<String, Session> live = Map.of();

  private Presence(ZooKeeperConnection connection, String root) {
    this.connection = connection;
    this.root = root;
    connection
        .curator()
        .getConnectionStateListenable()
        .addListener((client, state) -> {
          if (state.isConnected()) {
            changed();
          }
        });
  }

  /** The nodes that have an agent. */
  public static Presence ofNodes(ZooKeeperConnection connection) {
    return new Presence(connection, Znodes.NODES);
  }

  /** The control planes. */
  public static Presence ofControlPlanes(ZooKeeperConnection connection) {
    return new Presence(connection, Znodes.CONTROL_PLANES);
  }

  /** Waits for ZooKeeper and follows who is there from then on. */
  public void start() throws InterruptedException {
    untilAnswered(Znodes::createRoots);
    changed();
  }

  /** Removes the sessions that a previous run of this holder left behind. */
  public void removeLeftovers(String holder) throws InterruptedException {
    untilAnswered(zooKeeper -> removeLeftovers(zooKeeper, holder));
  }

  private interface Task {
    void on(ZooKeeper zooKeeper) throws KeeperException, InterruptedException;
  }

  private void untilAnswered(Task task) throws InterruptedException {
    while (true) {
      connection.awaitConnected();
      try {
        task.on(connection.handle());
        return;
      } catch (KeeperException | StoreException e) {
        LOG.debug("tried again when ZooKeeper answers", e);
        Thread.sleep(RETRY);
      }
    }
  }

  private void removeLeftovers(ZooKeeper zooKeeper, String holder)
      throws KeeperException, InterruptedException {
    for (String name : zooKeeper.getChildren(root, false)) {
      String path = root + "/" + name;
      Stat stat = new Stat();
      try {
        Session session = Session.decode(name, zooKeeper.getData(path, false, stat));
        if (session.holder().equals(holder)
            && stat.getEphemeralOwner() != zooKeeper.getSessionId()) {
          zooKeeper.delete(path, stat.getVersion());
        }
      } catch (KeeperException.NoNodeException expired) {
        // Which is what was wanted.
      }
    }
  }

  /** Calls the listener whenever {@link #live} may have changed. */
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /** Everybody who is there, by name, whichever control plane holds the name. */
  public Map<String, Session> live() {
    return live;
  }

  /**
   * Takes a name. The same instance, or one started anew at the same address, replaces its own
   * earlier session.
   *
   * @return empty where it is held now; the session that has the name where it is not
   * @throws StoreException.Unavailable if ZooKeeper does not answer
   */
  public Optional<Session> hold(Session session) {
    try {
      Optional<Session> other = take(connection.handle(), session);
      if (other.isEmpty()) {
        synchronized (held) {
          held.put(session.name(), session);
        }
      }
      return other;
    } catch (KeeperException e) {
      throw connection.unavailable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw connection.unavailable(e);
    }
  }

  private Optional<Session> take(ZooKeeper zooKeeper, Session session)
      throws KeeperException, InterruptedException {
    String path = root + "/" + session.name();
    for (int round = 1; ; round++) {
      try {
        zooKeeper.create(path, session.encode(), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        return Optional.empty();
      } catch (KeeperException.NodeExistsException taken) {
        Stat stat = new Stat();
        try {
          Session other = Session.decode(session.name(), zooKeeper.getData(path, false, stat));
          if (other.equals(session) && stat.getEphemeralOwner() == zooKeeper.getSessionId()) {
            return Optional.empty();
          }
          if (!session.mayReplace(other)) {
            return Optional.of(other);
          }
          zooKeeper.delete(path, stat.getVersion());
        } catch (KeeperException.NoNodeException | KeeperException.BadVersionException moved) {
          if (round == MAX_ROUNDS) {
            throw moved;
          }
        }
      }
    }
  }

  /** Gives the name up, unless a later session has it already. Never throws. */
  public void release(Session session) {
    synchronized (held) {
      held.remove(session.name(), session);
    }
    worker.execute(() -> {
      try {
        ZooKeeper zooKeeper = connection.handle();
        String path = root + "/" + session.name();
        Stat stat = new Stat();
        Session current = Session.decode(session.name(), zooKeeper.getData(path, false, stat));
        if (current.equals(session)) {
          zooKeeper.delete(path, stat.getVersion());
        }
      } catch (KeeperException | StoreException e) {
        LOG.debug("the session of {} ends with ours", session.name(), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
  }

  private void changed() {
    if (!worker.isShutdown() && refreshing.compareAndSet(false, true)) {
      worker.execute(this::refresh);
    }
  }

  private void refresh() {
    refreshing.set(false);
    try {
      ZooKeeper zooKeeper = connection.handle();
      zooKeeper.addWatch(root, watcher, AddWatchMode.PERSISTENT_RECURSIVE);
      for (Session session : heldNow()) {
        restore(zooKeeper, session);
      }
      live = list(zooKeeper);
      listeners.forEach(Runnable::run);
    } catch (KeeperException | StoreException e) {
      LOG.debug("the sessions are listed again", e);
      pause();
      changed();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Map<String, Session> list(ZooKeeper zooKeeper)
      throws KeeperException, InterruptedException {
    Map<String, Session> sessions = new HashMap<>();
    for (String name : zooKeeper.getChildren(root, false)) {
      try {
        byte[] data = zooKeeper.getData(root + "/" + name, false, null);
        sessions.put(name, Session.decode(name, data));
      } catch (KeeperException.NoNodeException ended) {
        // Its event is on the way.
      }
    }
    return Map.copyOf(sessions);
  }

  private static void pause() {
    try {
      Thread.sleep(RETRY);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Takes a name again whose znode went with an expired ZooKeeper session of ours. */
  private void restore(ZooKeeper zooKeeper, Session session)
      throws KeeperException, InterruptedException {
    Optional<Session> current = Optional.empty();
    try {
      byte[] data = zooKeeper.getData(root + "/" + session.name(), false, new Stat());
      current = Optional.of(Session.decode(session.name(), data));
    } catch (KeeperException.NoNodeException gone) {
      // It is taken again below.
    }
    boolean superseded = current.isPresent() && !current.get().equals(session);
    if (superseded || take(zooKeeper, session).isPresent()) {
      synchronized (held) {
        held.remove(session.name(), session);
      }
    }
  }

  private Set<Session> heldNow() {
    synchronized (held) {
      return Set.copyOf(held.values());
    }
  }

  @Override
  public void close() {
    worker.shutdownNow();
  }
}
