package io.podwire.controlplane.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.podwire.cluster.store.Claim;
import io.podwire.cluster.store.Store;
import io.podwire.cluster.store.StoreContract;
import io.podwire.cluster.store.StoreException;
import io.podwire.cluster.store.StoredObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store's contract on a real ZooKeeper, and what a network in between can do to it. */
class CuratorStoreTest extends StoreContract {

  private static final int SMALL_HISTORY = 200;

  @TempDir Path directory;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private EmbeddedZooKeeper zooKeeper;
  private CuratorStore store;

  @BeforeEach
  void start() throws Exception {
    zooKeeper = EmbeddedZooKeeper.start(directory);
    store = openStore();
  }

  @AfterEach
  void stop() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
    zooKeeper.close();
  }

  @Override
  protected Store store() {
    return store;
  }

  @Test
  void shouldShowAnotherProcessItsWritesAndClaims() {
    CuratorStore other = openStore();
    StoredObject created = store.create(service("a"), bytes("1"), Set.of(ADDRESS));

    await().until(() -> other.get(service("a")).equals(Optional.of(created)));
    assertThat(other.claims(Claim.CLUSTER_IPS)).containsOnlyKeys("10.96.0.5");
    assertThatThrownBy(() -> other.create(service("b"), bytes("1"), Set.of(ADDRESS)))
        .isInstanceOf(StoreException.ClaimTaken.class);
    assertThatThrownBy(() -> other.create(service("a"), bytes("1"), Set.of()))
        .isInstanceOf(StoreException.AlreadyExists.class);
  }

  @Test
  void shouldKeepClaimsWithASlashApart() {
    Claim one = new Claim(Claim.POD_CIDRS, "10.244.0.0/24");
    store.create(service("a"), bytes("1"), Set.of(one));

    assertThat(store.claims(Claim.POD_CIDRS)).containsOnlyKeys("10.244.0.0/24");
    assertThat(openStore().claims(Claim.POD_CIDRS)).containsOnlyKeys("10.244.0.0/24");
  }

  @Test
  void shouldFindTheSameStateAfterARestart() throws Exception {
    StoredObject kept = store.create(service("kept"), bytes("1"), Set.of(ADDRESS));
    store.create(service("dropped"), bytes("1"), Set.of());
    long deleted = store.delete(service("dropped"), Store.ANY_REVISION);
    stop();

    start();

    assertThat(store.get(service("kept"))).contains(kept);
    assertThat(store.get(service("kept")).map(StoreContract::text)).contains("1");
    assertThat(store.get(service("dropped"))).isEmpty();
    assertThat(store.list("services", "").revision()).isGreaterThanOrEqualTo(deleted);
    assertThatThrownBy(() -> store.create(service("b"), bytes("1"), Set.of(ADDRESS)))
        .isInstanceOf(StoreException.ClaimTaken.class);
  }

  @Test
  void shouldRefuseWatchesFromBeforeTheHistory() {
    long first = store.create(service("a"), bytes("0"), Set.of()).revision();
    for (int i = 0; i <= SMALL_HISTORY; i++) {
      store.update(service("a"), bytes("" + i), Store.ANY_REVISION, Set.of(), Set.of());
    }

    assertThatThrownBy(() -> store.watch(Set.of("services"), first - 1, event -> {}))
        .isInstanceOf(StoreException.RevisionGone.class);
    long now = store.list("services", "").revision();
    store.watch(Set.of("services"), now, event -> {}).close();
  }

  @Test
  void shouldFenceOffALeaderOfAnEarlierEpoch() throws Exception {
    ZooKeeperConnection connection = connection();
    long first = raiseEpoch(connection);
    Store leader = store.fencedBy(first);
    leader.create(service("a"), bytes("1"), Set.of());
    long second = raiseEpoch(connection);

    assertThatThrownBy(() -> leader.create(service("b"), bytes("1"), Set.of()))
        .isInstanceOf(StoreException.Deposed.class);
    assertThatThrownBy(
            () -> leader.update(service("a"), bytes("2"), Store.ANY_REVISION, Set.of(), Set.of()))
        .isInstanceOf(StoreException.Deposed.class);
    assertThatThrownBy(() -> leader.delete(service("a"), Store.ANY_REVISION))
        .isInstanceOf(StoreException.Deposed.class);
    assertThat(leader.get(service("a")).map(StoreContract::text)).contains("1");
    assertThat(leader.get(service("b"))).isEmpty();
    store.fencedBy(second).create(service("b"), bytes("1"), Set.of());
  }

  @Test
  void shouldLoseNoEventWhenConnectionsBreak() {
    checkReplicaThrough(round -> zooKeeper.cutConnections());
  }

  @Test
  void shouldLoseNoEventWhenSessionsExpire() {
    checkReplicaThrough(round -> {
      zooKeeper.expireSessions();
      zooKeeper.cutConnections();
    });
  }

  @Test
  void shouldSayThatZooKeeperIsUnreachable() {
    zooKeeper.close();

    assertThatThrownBy(() -> store.create(service("a"), bytes("1"), Set.of()))
        .isInstanceOf(StoreException.Unavailable.class)
        .hasMessageContaining("unreachable");
  }

  @Test
  void shouldRefuseADirectoryThatIsInUse() {
    assertThatThrownBy(() -> EmbeddedZooKeeper.start(directory))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("in use by another control plane");
  }

  /** A watcher's replica stays equal to the registry while its connection suffers. */
  private void checkReplicaThrough(IntConsumer disturbance) {
    CuratorStore watcher = openStore();
    Recording recording = new Recording();
    Store.Listing listing = watcher.list("services", "");
    watcher.watch(Set.of("services"), listing.revision(), recording::add);
    for (int round = 0; round < 6; round++) {
      for (int i = 0; i < 10; i++) {
        write("s" + (round * 7 + i) % 13, round + "-" + i);
        if (i == 5) {
          disturbance.accept(round);
        }
      }
    }
    write("end", "1");
    StoredObject end = store.get(service("end")).orElseThrow();
    await().until(() -> watcher.get(service("end")).isPresent());
    recording.awaitRevision(end.revision());

    Map<String, String> replica = new TreeMap<>();
    recording.replayOnto(replica);
    assertThat(replica).isEqualTo(contents(watcher));
    await().untilAsserted(() -> assertThat(contents(watcher)).isEqualTo(contents(store)));
    assertThat(recording.revisions()).isSorted();
  }

  private static Map<String, String> contents(Store store) {
    Map<String, String> contents = new TreeMap<>();
    store
        .list("services", "")
        .objects()
        .forEach(object -> contents.put(object.key().name(), text(object)));
    return contents;
  }

  /** Creates, changes or deletes, again if the connection was lost meanwhile. */
  private void write(String name, String value) {
    await()
        .ignoreExceptionsInstanceOf(StoreException.class)
        .until(() -> {
          if (store.get(service(name)).isEmpty()) {
            store.create(service(name), bytes(value), Set.of());
          } else if (value.endsWith("3")) {
            store.delete(service(name), Store.ANY_REVISION);
          } else {
            store.update(service(name), bytes(value), Store.ANY_REVISION, Set.of(), Set.of());
          }
          return true;
        });
  }

  private static long raiseEpoch(ZooKeeperConnection connection) throws Exception {
    return connection.handle().setData(Znodes.EPOCH, new byte[0], Znodes.ANY_VERSION).getVersion();
  }

  private ZooKeeperConnection connection() {
    ZooKeeperConnection connection = new ZooKeeperConnection(zooKeeper.connectString());
    open.push(connection);
    return connection;
  }

  private CuratorStore openStore() {
    try {
      CuratorStore opened = CuratorStore.open(connection(), SMALL_HISTORY);
      open.push(opened);
      return opened;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
