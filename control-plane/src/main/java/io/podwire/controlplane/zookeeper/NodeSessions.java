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
 * Which nodes have an agent connected to some control plane: an ephemeral znode each, held by the
 * control plane for as long as the agent's stream is open.
 *
 * <p>Thread-safe; listeners are called on a thread of their own.
 */
public final class NodeSessions implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(NodeSessions.class);
  private static final int MAX_ROUNDS = 20;
  private static final Duration RETRY = Duration.ofMillis(200);

  /**
   * An agent's claim to its name.
   *
   * @param instance random, new at each start of the agent
   * @param address of the node, with the port of its VTEP: no two agents can be there
   * @param holder the control plane that holds the stream
   */
  public record Session(String node, String instance, String address, String holder) {

    private byte[] encode() {
      return String.join("\n", instance, address, holder).getBytes(UTF_8);
    }

    private static Session decode(String node, byte[] data) {
      String[] lines = new String(data, UTF_8).split("\n", 3);
      return new Session(node, lines[0], lines[1], lines[2]);
    }

    private boolean mayReplace(Session other) {
      return instance.equals(other.instance) || address.equals(other.address);
    }
  }

  private final ZooKeeperConnection connection;
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("node-sessions").factory());
  private final AtomicBoolean refreshing = new AtomicBoolean();
  private final Map<String, Session> held = new HashMap<>();
  private final CopyOnWriteArrayList<Runnable> listeners = new CopyOnWriteArrayList<>();
  // One object, so that adding it again is no second watch.
  private final Watcher watcher = event -> changed();
  private volatile Set<String> live = Set.of();

  public NodeSessions(ZooKeeperConnection connection) {
    this.connection = connection;
    connection
        .curator()
        .getConnectionStateListenable()
        .addListener((client, state) -> {
          if (state.isConnected()) {
            changed();
          }
        });
  }

  /**
   * Waits for ZooKeeper and follows the sessions from then on.
   *
   * @param holder sessions that a previous run of this control plane left behind are removed
   */
  public void start(String holder) throws InterruptedException {
    while (true) {
      connection.awaitConnected();
      try {
        removeLeftovers(connection.handle(), holder);
        break;
      } catch (KeeperException | StoreException e) {
        LOG.debug("leftover sessions are looked for again", e);
        Thread.sleep(RETRY);
      }
    }
    changed();
  }

  private static void removeLeftovers(ZooKeeper zooKeeper, String holder)
      throws KeeperException, InterruptedException {
    Znodes.createRoots(zooKeeper);
    for (String node : zooKeeper.getChildren(Znodes.SESSIONS, false)) {
      String path = Znodes.SESSIONS + "/" + node;
      Stat stat = new Stat();
      try {
        Session session = Session.decode(node, zooKeeper.getData(path, false, stat));
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

  /** The nodes with a session, on any control plane. */
  public Set<String> live() {
    return live;
  }

  /**
   * Takes the node's name for a session. The same agent, or one started anew at the same address,
   * replaces its own earlier session.
   *
   * @return empty where it is held now; the session of another live agent where it is not
   * @throws StoreException.Unavailable if ZooKeeper does not answer
   */
  public Optional<Session> hold(Session session) {
    try {
      Optional<Session> other = take(connection.handle(), session);
      if (other.isEmpty()) {
        synchronized (held) {
          held.put(session.node(), session);
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

  private static Optional<Session> take(ZooKeeper zooKeeper, Session session)
      throws KeeperException, InterruptedException {
    String path = Znodes.SESSIONS + "/" + session.node();
    for (int round = 1; ; round++) {
      try {
        zooKeeper.create(path, session.encode(), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        return Optional.empty();
      } catch (KeeperException.NodeExistsException taken) {
        Stat stat = new Stat();
        try {
          Session other = Session.decode(session.node(), zooKeeper.getData(path, false, stat));
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
      held.remove(session.node(), session);
    }
    worker.execute(() -> {
      try {
        ZooKeeper zooKeeper = connection.handle();
        String path = Znodes.SESSIONS + "/" + session.node();
        Stat stat = new Stat();
        Session current = Session.decode(session.node(), zooKeeper.getData(path, false, stat));
        if (current.equals(session)) {
          zooKeeper.delete(path, stat.getVersion());
        }
      } catch (KeeperException | StoreException e) {
        LOG.debug("the session of {} ends with ours", session.node(), e);
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
      zooKeeper.addWatch(Znodes.SESSIONS, watcher, AddWatchMode.PERSISTENT_RECURSIVE);
      for (Session session : heldNow()) {
        restore(zooKeeper, session);
      }
      live = Set.copyOf(zooKeeper.getChildren(Znodes.SESSIONS, false));
      listeners.forEach(Runnable::run);
    } catch (KeeperException | StoreException e) {
      LOG.debug("the sessions are listed again", e);
      pause();
      changed();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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
      byte[] data = zooKeeper.getData(Znodes.SESSIONS + "/" + session.node(), false, new Stat());
      current = Optional.of(Session.decode(session.node(), data));
    } catch (KeeperException.NoNodeException gone) {
      // It is taken again below.
    }
    boolean superseded = current.isPresent() && !current.get().equals(session);
    if (superseded || take(zooKeeper, session).isPresent()) {
      synchronized (held) {
        held.remove(session.node(), session);
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
