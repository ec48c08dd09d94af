package io.podwire.controlplane.zookeeper;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.podwire.cluster.store.Claim;
import io.podwire.cluster.store.ResourceKey;
import io.podwire.cluster.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;

/**
 * One ZooKeeper multi: operations, each with what its failure means to the store.
 *
 * <p>Not thread-safe.
 */
final class Transaction {

  private final List<Op> operations = new ArrayList<>();
  private final List<Function<Code, RuntimeException>> failures = new ArrayList<>();

  /**
   * @param epoch where given, the transaction fails unless it is the current one
   */
  Transaction(Optional<Long> epoch) {
    epoch.ifPresent(mine ->
        add(
            Op.check(Znodes.EPOCH, Math.toIntExact(mine)),
            code -> new StoreException.Deposed(mine)));
  }

  void add(Op operation, Function<Code, RuntimeException> failure) {
    operations.add(operation);
    failures.add(failure);
  }

  void create(String path, byte[] data, Supplier<StoreException> failure) {
    add(
        Op.create(path, data, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT),
        code -> failure.get());
  }

  void take(Claim claim, ResourceKey owner) {
    create(
        Znodes.path(claim),
        owner.toString().getBytes(UTF_8),
        () -> new StoreException.ClaimTaken(claim));
  }

  void release(Claim claim) {
    add(
        Op.delete(Znodes.path(claim), Znodes.ANY_VERSION),
        code -> new IllegalStateException(Znodes.path(claim) + " was removed from outside"));
  }

  /**
   * Commits and returns the transaction's zxid.
   *
   * @throws RuntimeException what the first operation that failed stands for
   * @throws KeeperException if the transaction's outcome is unknown
   */
  long commit(ZooKeeper zooKeeper) throws KeeperException, InterruptedException {
    List<Op> all = new ArrayList<>(operations);
    // Its new version tells the zxid, and its event comes last: then the rest has been seen.
    all.add(Op.setData(Znodes.MARKER, new byte[0], Znodes.ANY_VERSION));
    List<OpResult> results;
    try {
      results = zooKeeper.multi(all);
    } catch (KeeperException e) {
      throw failure(e).orElseThrow(() -> e);
    }
    return ((OpResult.SetDataResult) results.getLast()).getStat().getMzxid();
  }

  private Optional<RuntimeException> failure(KeeperException cause) {
    List<OpResult> results = cause.getResults();
    if (results != null) {
      for (int i = 0; i < failures.size(); i++) {
        // Those before it were rolled back with code 0, those after it were not tried.
        if (results.get(i) instanceof OpResult.ErrorResult error
            && error.getErr() == cause.code().intValue()) {
          return Optional.of(failures.get(i).apply(cause.code()));
        }
      }
    }
    return Optional.empty();
  }
}
