package io.podwire.cluster.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every {@link Store} promises; each implementation runs these tests. */
public abstract class StoreContract {

  protected static final Claim ADDRESS = new Claim(Claim.CLUSTER_IPS, "10.96.0.5");
  private static final Claim OTHER_ADDRESS = new Claim(Claim.CLUSTER_IPS, "10.96.0.6");
  private static final Claim PORT = new Claim(Claim.NODE_PORTS, "30086");

  /** The store under test, empty. */
  protected abstract Store store();

  @Test
  void shouldReturnWhatWasCreated() {
    StoredObject created = store().create(service("a"), bytes("1"), Set.of());

    assertThat(created.revision()).isPositive();
    assertThat(store().get(service("a"))).contains(created);
    assertThat(store().get(service("a")).map(StoreContract::text)).contains("1");
    assertThat(store().get(service("b"))).isEmpty();
  }

  @Test
  void shouldRefuseASecondObjectOfTheSameKey() {
    store().create(service("a"), bytes("1"), Set.of());

    assertThatThrownBy(() -> store().create(service("a"), bytes("2"), Set.of(ADDRESS)))
        .isInstanceOf(StoreException.AlreadyExists.class);
    assertThat(store().claims(Claim.CLUSTER_IPS)).isEmpty();
  }

  @Test
  void shouldGrowRevisionsWithEveryWrite() {
    long first = store().create(service("a"), bytes("1"), Set.of()).revision();
    long second = store().create(service("b"), bytes("1"), Set.of()).revision();
    long third = store().update(service("a"), bytes("2"), first, Set.of(), Set.of()).revision();
    long fourth = store().delete(service("b"), second);

    assertThat(List.of(first, second, third, fourth)).isSorted().doesNotHaveDuplicates();
    assertThat(store().list("services", "").revision()).isGreaterThanOrEqualTo(fourth);
  }

  @Test
  void shouldUpdateOnlyTheExpectedRevision() {
    StoredObject first = store().create(service("a"), bytes("1"), Set.of());
    store().update(service("a"), bytes("2"), first.revision(), Set.of(), Set.of());

    assertThatThrownBy(
            () -> store().update(service("a"), bytes("3"), first.revision(), Set.of(), Set.of()))
        .isInstanceOf(StoreException.Conflict.class);
    assertThatThrownBy(() -> store().delete(service("a"), first.revision()))
        .isInstanceOf(StoreException.Conflict.class);
    assertThat(store().get(service("a")).map(StoreContract::text)).contains("2");
    store().update(service("a"), bytes("4"), Store.ANY_REVISION, Set.of(), Set.of());
    assertThat(store().get(service("a")).map(StoreContract::text)).contains("4");
  }

  @Test
  void shouldSayThatAnObjectIsNotThere() {
    assertThatThrownBy(
            () -> store().update(service("a"), bytes("1"), Store.ANY_REVISION, Set.of(), Set.of()))
        .isInstanceOf(StoreException.NotFound.class);
    assertThatThrownBy(() -> store().delete(service("a"), Store.ANY_REVISION))
        .isInstanceOf(StoreException.NotFound.class);
  }

  @Test
  void shouldListByNamespaceAndName() {
    store().create(new ResourceKey("services", "y", "a"), bytes("1"), Set.of());
    store().create(new ResourceKey("services", "x", "b"), bytes("1"), Set.of());
    store().create(new ResourceKey("services", "x", "a"), bytes("1"), Set.of());
    store().create(new ResourceKey("nodes", "", "n1"), bytes("1"), Set.of());

    assertThat(names("services", "")).containsExactly("x/a", "x/b", "y/a");
    assertThat(names("services", "x")).containsExactly("x/a", "x/b");
    assertThat(names("services", "z")).isEmpty();
    assertThat(names("nodes", "")).containsExactly("n1");
    assertThat(names("pods", "")).isEmpty();
  }

  @Test
  void shouldNeverLetTwoObjectsHoldAClaim() {
    store().create(service("a"), bytes("1"), Set.of(ADDRESS, PORT));

    assertThatThrownBy(() -> store().create(service("b"), bytes("1"), Set.of(ADDRESS)))
        .isInstanceOfSatisfying(
            StoreException.ClaimTaken.class, taken -> assertThat(taken.claim()).isEqualTo(ADDRESS));
    assertThat(store().get(service("b"))).isEmpty();
    assertThat(store().claims(Claim.CLUSTER_IPS)).isEqualTo(Map.of("10.96.0.5", service("a")));
    assertThat(store().claims(Claim.NODE_PORTS)).isEqualTo(Map.of("30086", service("a")));
  }

  @Test
  void shouldTakeAndReleaseClaimsWithTheUpdate() {
    store().create(service("a"), bytes("1"), Set.of(ADDRESS, PORT));
    store().create(service("b"), bytes("1"), Set.of(OTHER_ADDRESS));

    assertThatThrownBy(() ->
            store()
                .update(
                    service("a"),
                    bytes("2"),
                    Store.ANY_REVISION,
                    Set.of(OTHER_ADDRESS),
                    Set.of(ADDRESS)))
        .isInstanceOf(StoreException.ClaimTaken.class);
    assertThat(store().get(service("a")).map(StoreContract::text)).contains("1");
    store().update(service("a"), bytes("2"), Store.ANY_REVISION, Set.of(ADDRESS), Set.of(PORT));
    store().update(service("b"), bytes("2"), Store.ANY_REVISION, Set.of(PORT), Set.of(ADDRESS));

    assertThat(store().claims(Claim.CLUSTER_IPS))
        .isEqualTo(Map.of("10.96.0.5", service("a"), "10.96.0.6", service("b")));
    assertThat(store().claims(Claim.NODE_PORTS)).isEqualTo(Map.of("30086", service("b")));
  }

  @Test
  void shouldReleaseEveryClaimOfADeletedObject() {
    store().create(service("a"), bytes("1"), Set.of(ADDRESS));
    store().update(service("a"), bytes("2"), Store.ANY_REVISION, Set.of(PORT), Set.of());
    store().delete(service("a"), Store.ANY_REVISION);

    assertThat(store().claims(Claim.CLUSTER_IPS)).isEmpty();
    assertThat(store().claims(Claim.NODE_PORTS)).isEmpty();
    store().create(service("b"), bytes("1"), Set.of(ADDRESS, PORT));
  }

  @Test
  void shouldDeliverEachEventOnceAndInOrder() {
    long start = store().list("services", "").revision();
    Recording recording = new Recording();
    try (Store.Watch watch = store().watch(Set.of("services"), start, recording::add)) {
      long created = store().create(service("a"), bytes("1"), Set.of(ADDRESS)).revision();
      store().create(new ResourceKey("nodes", "", "n1"), bytes("1"), Set.of());
      recording.awaitRevision(created);
      long updated =
          store().update(service("a"), bytes("2"), created, Set.of(PORT), Set.of()).revision();
      recording.awaitRevision(updated);
      long deleted = store().delete(service("a"), updated);
      recording.awaitRevision(deleted);

      assertThat(recording.lines())
          .containsExactly(
              "created a=1 @" + created, "changed a=2 @" + updated, "removed a=2 @" + deleted);
    }
  }

  @Test
  void shouldWatchFromAnEarlierRevision() {
    long first = store().create(service("a"), bytes("1"), Set.of()).revision();
    long second = store().create(service("b"), bytes("1"), Set.of()).revision();
    long third = store().delete(service("a"), Store.ANY_REVISION);
    Recording recording = new Recording();

    try (Store.Watch watch = store().watch(Set.of("services"), first, recording::add)) {
      recording.awaitRevision(third);
      assertThat(recording.lines())
          .containsExactly("created b=1 @" + second, "removed a=1 @" + third);
    }
  }

  @Test
  void shouldDeliverNothingAfterClose() {
    Recording recording = new Recording();
    long start = store().list("services", "").revision();
    store().watch(Set.of("services"), start, recording::add).close();
    Recording live = new Recording();
    try (Store.Watch watch = store().watch(Set.of("services"), start, live::add)) {
      live.awaitRevision(store().create(service("a"), bytes("1"), Set.of()).revision());
    }

    assertThat(recording.lines()).isEmpty();
  }

  @Test
  void shouldRebuildTheStateFromAListingAndItsWatchWhileWritersRace() throws Exception {
    Recording recording = new Recording();
    ExecutorService writers = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int writer = 0; writer < 4; writer++) {
        int seed = writer;
        running.add(writers.submit(() -> churn(seed)));
      }
      await().until(() -> store().list("services", "").objects().size() > 3);
      Store.Listing listing = store().list("services", "");
      Map<String, String> replica = new TreeMap<>();
      listing.objects().forEach(object -> replica.put(object.key().name(), text(object)));
      try (Store.Watch watch =
          store().watch(Set.of("services"), listing.revision(), recording::add)) {
        for (Future<?> each : running) {
          each.get();
        }
        recording.awaitRevision(store().create(service("end"), bytes("1"), Set.of()).revision());
      }
      recording.replayOnto(replica);

      Map<String, String> actual = new TreeMap<>();
      store()
          .list("services", "")
          .objects()
          .forEach(object -> actual.put(object.key().name(), text(object)));
      assertThat(replica).isEqualTo(actual);
      assertThat(recording.revisions()).isSorted().doesNotHaveDuplicates();
    } finally {
      writers.shutdownNow();
    }
  }

  private void churn(int writer) {
    for (int round = 0; round < 30; round++) {
      ResourceKey key = service("w" + writer + "-" + round % 5);
      if (store().get(key).isEmpty()) {
        store().create(key, bytes("r" + round), Set.of());
      } else if (round % 3 == 0) {
        store().delete(key, Store.ANY_REVISION);
      } else {
        store().update(key, bytes("r" + round), Store.ANY_REVISION, Set.of(), Set.of());
      }
    }
  }

  private List<String> names(String resource, String namespace) {
    return store().list(resource, namespace).objects().stream()
        .map(object -> object.key().objectName().toString())
        .toList();
  }

  protected static ResourceKey service(String name) {
    return new ResourceKey("services", "default", name);
  }

  protected static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  protected static String text(StoredObject object) {
    return new String(object.value(), UTF_8);
  }

  /** What a watch delivered. */
  protected static final class Recording {

    private final List<StoreEvent> events = new CopyOnWriteArrayList<>();

    public Recording() {}

    public void add(StoreEvent event) {
      events.add(event);
    }

    public void awaitRevision(long revision) {
      await()
          .until(() -> events.stream().mapToLong(StoreEvent::revision).max().orElse(0) >= revision);
    }

    public List<Long> revisions() {
      return events.stream().map(StoreEvent::revision).toList();
    }

    public List<String> lines() {
      return events.stream().map(Recording::line).toList();
    }

    private static String line(StoreEvent event) {
      if (event instanceof StoreEvent.Put put) {
        return (put.created() ? "created " : "changed ") + object(put.object(), event.revision());
      }
      return "removed " + object(((StoreEvent.Removed) event).last(), event.revision());
    }

    private static String object(StoredObject object, long revision) {
      return object.key().name() + "=" + text(object) + " @" + revision;
    }

    public void replayOnto(Map<String, String> replica) {
      for (StoreEvent event : events) {
        if (event instanceof StoreEvent.Put put) {
          String before = replica.put(put.object().key().name(), text(put.object()));
          assertThat(put.created()).isEqualTo(before == null);
        } else if (event instanceof StoreEvent.Removed removed) {
          assertThat(replica.remove(removed.last().key().name())).isNotNull();
        }
      }
    }
  }
}
