package io.podwire.controlplane.zookeeper;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.podwire.cluster.store.StoreException;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.apache.curator.framework.recipes.leader.LeaderLatchListener;
import org.apache.zookeeper.KeeperException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Elects one control plane to run the reconcilers. Each term begins by raising the epoch, so that a
 * leader who does not know yet that it has been replaced writes nothing any more.
 *
 * <p>The listener is called on one thread.
 */
public final class LeaderElection implements AutoCloseable {

  /** Told of the terms. */
  public interface Listener {

    /** This control plane leads from now on. */
    void elected(long epoch);

    /** It does not any more. */
    void deposed();
  }

  private static final Logger LOG = LoggerFactory.getLogger(LeaderElection.class);

  private final ZooKeeperConnection connection;
  private final String id;
  private final Listener listener;
  private final ExecutorService executor =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("leader-election").factory());
  private @Nullable LeaderLatch latch;
  private boolean leading;

  /**
   * @param id of this control plane, for people who look into ZooKeeper
   */
  public LeaderElection(ZooKeeperConnection connection, String id, Listener listener) {
    this.connection = connection;
    this.id = id;
    this.listener = listener;
  }

  /** Stands for election. */
  public void start() {
    executor.execute(this::join);
  }

  /** Gives a lost leadership up and stands again: for a leader whose write was refused. */
  public void resign() {
    onExecutor(() -> {
      leave();
      join();
    });
  }

  private void join() {
    LeaderLatch joined = new LeaderLatch(connection.curator(), Znodes.LATCH, id);
    joined.addListener(
        new LeaderLatchListener() {
          @Override
          public void isLeader() {
            onExecutor(() -> elected(joined));
          }

          @Override
          public void notLeader() {
            onExecutor(LeaderElection.this::deposed);
          }
        });
    latch = joined;
    try {
      joined.start();
    } catch (Exception e) {
      // Curator declares no narrower type, and start only registers with it.
      throw new IllegalStateException("the election could not be joined", e);
    }
  }

  private void onExecutor(Runnable task) {
    if (!executor.isShutdown()) {
      executor.execute(task);
    }
  }

  private void elected(LeaderLatch joined) {
    if (latch != joined || !joined.hasLeadership() || leading) {
      return;
    }
    try {
      long epoch =
          connection
              .handle()
              .setData(Znodes.EPOCH, id.getBytes(UTF_8), Znodes.ANY_VERSION)
              .getVersion();
      leading = true;
      LOG.info("{} leads, epoch {}", id, epoch);
      listener.elected(epoch);
    } catch (KeeperException | StoreException e) {
      // Without an epoch there is no term: another one may have it.
      leave();
      join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void deposed() {
    if (leading) {
      leading = false;
      LOG.info("{} does not lead any more", id);
      listener.deposed();
    }
  }

  private void leave() {
    LeaderLatch left = latch;
    latch = null;
    if (left != null) {
      try {
        left.close();
      } catch (IOException e) {
        LOG.debug("the latch goes with the session", e);
      }
    }
    deposed();
  }

  /** Ends the term, if there is one, and waits until the listener knows. Idempotent. */
  @Override
  public void close() {
    onExecutor(this::leave);
    executor.close();
  }
}
