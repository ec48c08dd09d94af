package io.podwire.controlplane.zookeeper;

import io.podwire.cluster.store.StoreException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.retry.BoundedExponentialBackoffRetry;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooKeeper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The session with ZooKeeper. It is kept for as long as the process runs: an outage is one line in
 * the log, and so is its end.
 *
 * <p>Thread-safe.
 */
public final class ZooKeeperConnection implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ZooKeeperConnection.class);

  /** How long a session outlives its connection. */
  static final Duration SESSION_TIMEOUT = Duration.ofSeconds(8);

  private static final int CONNECT_MILLIS = 3000;
  private static final int FIRST_RETRY_MILLIS = 100;
  private static final int LONGEST_RETRY_MILLIS = 2000;
  private static final int RETRIES = 5;
  private static final int BUFFER_LIMIT = 8 << 20;

  private final CuratorFramework curator;
  private final String servers;
  private final AtomicBoolean outageLogged = new AtomicBoolean();

  /**
   * Starts connecting and returns at once.
   *
   * @param servers {@code host:port,host:port}
   */
  public ZooKeeperConnection(String servers) {
    raiseBufferLimit();
    this.servers = servers;
    this.curator =
        CuratorFrameworkFactory.builder()
            .connectString(servers)
            .sessionTimeoutMs((int) SESSION_TIMEOUT.toMillis())
            .connectionTimeoutMs(CONNECT_MILLIS)
            .retryPolicy(
                new BoundedExponentialBackoffRetry(
                    FIRST_RETRY_MILLIS, LONGEST_RETRY_MILLIS, RETRIES))
            .ensembleTracker(false)
            .build();
    curator.getConnectionStateListenable().addListener((client, state) -> log(state));
    curator.start();
  }

  /** Listings of thousands of names do not fit the default of 1 MiB. */
  static void raiseBufferLimit() {
    if (System.getProperty("jute.maxbuffer") == null) {
      System.setProperty("jute.maxbuffer", Integer.toString(BUFFER_LIMIT));
    }
  }

  private void log(ConnectionState state) {
    if (state.isConnected()) {
      if (outageLogged.getAndSet(false)) {
        LOG.info("ZooKeeper at {} answers again", servers);
      }
    } else {
      logOutage();
    }
  }

  private void logOutage() {
    if (!outageLogged.getAndSet(true)) {
      LOG.warn("ZooKeeper at {} is unreachable; trying until it answers", servers);
    }
  }

  /** Waits for as long as it takes; says so once when that is not at once. */
  public void awaitConnected() throws InterruptedException {
    while (!curator.blockUntilConnected(CONNECT_MILLIS, TimeUnit.MILLISECONDS)) {
      logOutage();
    }
  }

  /**
   * The handle of the current session, connected.
   *
   * @throws StoreException.Unavailable if ZooKeeper does not answer in time
   */
  ZooKeeper handle() {
    try {
      if (!curator.blockUntilConnected(CONNECT_MILLIS, TimeUnit.MILLISECONDS)) {
        throw unavailable(new KeeperException.ConnectionLossException());
      }
      return curator.getZookeeperClient().getZooKeeper();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable(e);
    } catch (StoreException e) {
      throw e;
    } catch (Exception e) {
      // Curator declares no narrower type.
      throw unavailable(e);
    }
  }

  StoreException.Unavailable unavailable(Exception cause) {
    return new StoreException.Unavailable(
        "ZooKeeper at " + servers + " is unreachable; try again when it answers", cause);
  }

  /**
   * Has ZooKeeper end the session, as it does with one that has been silent for too long: a second
   * handle takes it over and closes it.
   *
   * @throws StoreException.Unavailable if ZooKeeper does not answer in time
   */
  public void expireSession() {
    ZooKeeper current = handle();
    try {
      CountDownLatch connected = new CountDownLatch(1);
      ZooKeeper second =
          new ZooKeeper(
              servers,
              (int) SESSION_TIMEOUT.toMillis(),
              event -> connected.countDown(),
              current.getSessionId(),
              current.getSessionPasswd());
      try {
        if (!connected.await(CONNECT_MILLIS, TimeUnit.MILLISECONDS)) {
          throw unavailable(new KeeperException.ConnectionLossException());
        }
      } finally {
        second.close();
      }
    } catch (IOException e) {
      throw unavailable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable(e);
    }
  }

  CuratorFramework curator() {
    return curator;
  }

  @Override
  public void close() {
    curator.close();
  }
}
