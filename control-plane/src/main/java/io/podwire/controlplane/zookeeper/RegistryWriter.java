package io.podwire.controlplane.zookeeper;

import io.podwire.cluster.store.Claim;
import io.podwire.cluster.store.ResourceKey;
import io.podwire.cluster.store.Store;
import io.podwire.cluster.store.StoreException;
import io.podwire.cluster.store.StoredObject;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;

/**
 * Writes objects and their claims, each write one transaction. A transaction whose answer got lost
 * is not repeated, since it may have happened.
 *
 * <p>Thread-safe.
 */
final class RegistryWriter {

  /** Rounds of a write that takes any revision and was overtaken by another. */
  private static final int MAX_ROUNDS = 50;

  private final ZooKeeperConnection connection;
  private final Optional<Long> epoch;
  private final Set<String> directories = ConcurrentHashMap.newKeySet();

  /**
   * @param epoch where given, every write fails unless this is still the leader's epoch
   */
  RegistryWriter(ZooKeeperConnection connection, Optional<Long> epoch) {
    this.connection = connection;
    this.epoch = epoch;
  }

  StoredObject create(ResourceKey key, byte[] value, Set<Claim> claims) {
    Transaction transaction = new Transaction(epoch);
    transaction.create(
        Znodes.path(key),
        new ObjectRecord(claims, value).encode(),
        () -> new StoreException.AlreadyExists(key));
    claims.forEach(claim -> transaction.take(claim, key));
    long revision =
        attempt(zooKeeper -> {
          String directory = Znodes.parent(Znodes.path(key));
          if (!directories.contains(directory)) {
            Znodes.createWithParents(zooKeeper, directory);
            directories.add(directory);
          }
          return transaction.commit(zooKeeper);
        });
    return new StoredObject(key, value, revision);
  }

  StoredObject update(
      ResourceKey key, byte[] value, long expected, Set<Claim> take, Set<Claim> release) {
    long revision =
        onCurrent(
            key,
            expected,
            (held, version, transaction) -> {
              Set<Claim> after = new HashSet<>(held);
              after.removeAll(release);
              after.addAll(take);
              transaction.add(
                  Op.setData(Znodes.path(key), new ObjectRecord(after, value).encode(), version),
                  code -> overtaken(code, key, expected));
              for (Claim claim : after) {
                if (!held.contains(claim)) {
                  transaction.take(claim, key);
                }
              }
              for (Claim claim : held) {
                if (!after.contains(claim)) {
                  transaction.release(claim);
                }
              }
            });
    return new StoredObject(key, value, revision);
  }

  long delete(ResourceKey key, long expected) {
    return onCurrent(
        key,
        expected,
        (held, version, transaction) -> {
          transaction.add(
              Op.delete(Znodes.path(key), version), code -> overtaken(code, key, expected));
          held.forEach(transaction::release);
        });
  }

  private static StoreException overtaken(
      KeeperException.Code code, ResourceKey key, long expected) {
    return code == KeeperException.Code.NONODE
        ? new StoreException.NotFound(key)
        : new StoreException.Conflict(key, expected);
  }

  /** Commits a transaction on the current version, or on the next one if any will do. */
  private long onCurrent(ResourceKey key, long expected, Change change) {
    return attempt(zooKeeper -> {
      for (int round = 1; ; round++) {
        Stat stat = new Stat();
        ObjectRecord current = read(zooKeeper, key, stat);
        if (expected != Store.ANY_REVISION && expected != stat.getMzxid()) {
          throw new StoreException.Conflict(key, expected);
        }
        Transaction transaction = new Transaction(epoch);
        change.describe(current.claims(), stat.getVersion(), transaction);
        try {
          return transaction.commit(zooKeeper);
        } catch (StoreException.Conflict overtaken) {
          if (expected != Store.ANY_REVISION || round == MAX_ROUNDS) {
            throw overtaken;
          }
        }
      }
    });
  }

  private static ObjectRecord read(ZooKeeper zooKeeper, ResourceKey key, Stat stat)
      throws KeeperException, InterruptedException {
    try {
      return ObjectRecord.decode(zooKeeper.getData(Znodes.path(key), false, stat));
    } catch (KeeperException.NoNodeException e) {
      throw new StoreException.NotFound(key);
    }
  }

  private interface Change {
    void describe(Set<Claim> held, int version, Transaction transaction);
  }

  private interface Attempt {
    long on(ZooKeeper zooKeeper) throws KeeperException, InterruptedException;
  }

  private long attempt(Attempt attempt) {
    try {
      return attempt.on(connection.handle());
    } catch (KeeperException e) {
      throw connection.unavailable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw connection.unavailable(e);
    }
  }
}
