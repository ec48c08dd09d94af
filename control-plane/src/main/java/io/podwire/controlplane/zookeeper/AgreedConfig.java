package io.podwire.controlplane.zookeeper;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;

/**
 * The settings that the cluster's first control plane wrote down, which every later one has to
 * share: addresses that are given out already cannot change their ranges; and what is done once
 * only. Stateless.
 */
public final class AgreedConfig {

  private AgreedConfig() {}

  /** Whether this has been done once in the cluster's life. */
  public static boolean isDone(ZooKeeperConnection connection, String task) {
    try {
      return connection.handle().exists(Znodes.DONE + "/" + task, false) != null;
    } catch (KeeperException e) {
      throw connection.unavailable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw connection.unavailable(e);
    }
  }

  /** Notes that this has been done for good. */
  public static void markDone(ZooKeeperConnection connection, String task) {
    try {
      Znodes.createWithParents(connection.handle(), Znodes.DONE + "/" + task);
    } catch (KeeperException e) {
      throw connection.unavailable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw connection.unavailable(e);
    }
  }

  /**
   * Proposes settings and returns those that hold: the proposal, or what was agreed on before.
   *
   * @throws io.podwire.cluster.store.StoreException.Unavailable if ZooKeeper does not answer
   */
  public static String agree(ZooKeeperConnection connection, String proposal) {
    try {
      ZooKeeper zooKeeper = connection.handle();
      Znodes.createWithParents(zooKeeper, Znodes.parent(Znodes.CONFIG));
      try {
        zooKeeper.create(
            Znodes.CONFIG,
            proposal.getBytes(UTF_8),
            ZooDefs.Ids.OPEN_ACL_UNSAFE,
            CreateMode.PERSISTENT);
        return proposal;
      } catch (KeeperException.NodeExistsException agreed) {
        return new String(zooKeeper.getData(Znodes.CONFIG, false, null), UTF_8);
      }
    } catch (KeeperException e) {
      throw connection.unavailable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw connection.unavailable(e);
    }
  }
}
