package io.podwire.controlplane.sync;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.cluster.model.ClusterConfig;
import io.podwire.cluster.model.ClusterUpdate;
import io.podwire.cluster.model.ModelKind;
import io.podwire.cluster.model.ModelObject;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.store.MemoryStore;
import io.podwire.cluster.store.ResourceKey;
import io.podwire.cluster.store.Store;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.Vni;
import io.podwire.proto.UpdateAssembler;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class StateFeedTest {

  static final ClusterConfig CONFIG =
      new ClusterConfig(
          List.of(Cidr.parse("10.244.0.0/16")),
          List.of(Cidr.parse("10.96.0.0/16")),
          Cidr.parse("172.30.0.0/24"),
          24,
          "cluster.local",
          IpAddress.parse("10.96.0.10"),
          new Vni(1),
          List.of());

  private final MemoryStore store = new MemoryStore();
  private final StateFeed feed = new StateFeed(store, CONFIG, 5);

  @Test
  void shouldBeginWithWhatThereIs() {
    namespace("a");
    feed.start();
    long revision = namespace("b");

    ClusterUpdate.Snapshot snapshot = (ClusterUpdate.Snapshot) read(feed.snapshot(object -> true));

    assertThat(snapshot.revision()).isEqualTo(revision);
    assertThat(snapshot.config()).isEqualTo(CONFIG);
    assertThat(snapshot.objects()).extracting(ModelObject::key).containsExactly(key("a"), key("b"));
  }

  @Test
  void shouldTellChangesAfterARevision() {
    feed.start();
    long first = namespace("a");
    namespace("b");
    long last = store.delete(resource("a"), Store.ANY_REVISION);

    assertThat(feed.after(first, object -> true, 100))
        .hasValueSatisfying(step -> {
          ClusterUpdate.Delta delta = (ClusterUpdate.Delta) read(step);
          assertThat(delta.revision()).isEqualTo(last);
          assertThat(delta.changes()).hasSize(2);
          assertThat(delta.changes().get(1))
              .isEqualTo(new ClusterUpdate.Removal(ModelKind.NAMESPACE, key("a")));
        });
  }

  @Test
  void shouldSplitManyChangesBetweenRevisions() {
    feed.start();
    long start = feed.revision();
    long first = namespace("a");
    long second = namespace("b");
    long third = namespace("c");

    ClusterUpdate.Delta one = after(start, object -> true, 2);
    ClusterUpdate.Delta rest = after(one.revision(), object -> true, 2);

    assertThat(one.changes()).hasSize(2);
    assertThat(one.revision()).isGreaterThanOrEqualTo(second).isLessThan(third);
    assertThat(rest.changes()).hasSize(1);
    assertThat(rest.revision()).isEqualTo(third);
    assertThat(first).isLessThan(second);
  }

  @Test
  void shouldAskForASnapshotWhereTheLogHasForgotten() {
    feed.start();
    long first = namespace("a");
    for (int i = 0; i < 6; i++) {
      namespace("n" + i);
    }

    assertThat(feed.after(first, object -> true, 100)).isEmpty();
    assertThat(feed.after(feed.revision(), object -> true, 100)).isPresent();
  }

  @Test
  void shouldSkipWhatIsNotVisible() {
    feed.start();
    long start = feed.revision();
    namespace("a");
    long last = namespace("b");

    ClusterUpdate.Delta delta = after(start, object -> object.key().name().equals("b"), 100);

    assertThat(delta.changes()).hasSize(1);
    assertThat(delta.revision()).isEqualTo(last);
  }

  @Test
  void shouldTellNothingOfAChangeThatFollowersDoNotSee() {
    feed.start();
    List<String> calls = new ArrayList<>();
    feed.addListener(() -> calls.add("changed"));
    long created = service(0, "10.96.0.20", "a");
    long selected = service(created, "10.96.0.20", "b");

    assertThat(after(created, object -> true, 100).changes()).isEmpty();
    assertThat(after(created, object -> true, 100).revision()).isEqualTo(selected);
    assertThat(calls).hasSize(1);

    service(selected, "10.96.0.21", "b");
    assertThat(after(created, object -> true, 100).changes()).hasSize(1);
    assertThat(calls).hasSize(2);
  }

  @Test
  void shouldTellOfAnObjectThatCameBackAsItWas() {
    feed.start();
    long start = namespace("a");
    store.delete(resource("a"), Store.ANY_REVISION);
    namespace("a");

    assertThat(after(start, object -> true, 100).changes()).hasSize(2);
  }

  @Test
  void shouldShareMessagesBetweenFollowersAtTheSamePlace() {
    feed.start();
    long start = namespace("a");
    namespace("b");

    StateFeed.Step one = feed.after(start, object -> true, 100).orElseThrow();
    StateFeed.Step other = feed.after(start, object -> true, 100).orElseThrow();
    StateFeed.Step blind = feed.after(start, object -> false, 100).orElseThrow();

    assertThat(other.messages().get(0)).isSameAs(one.messages().get(0));
    assertThat(blind.isEmpty()).isTrue();
    assertThat(((ClusterUpdate.Delta) read(blind)).changes()).isEmpty();
  }

  private ClusterUpdate.Delta after(long known, Predicate<ModelObject> visible, int limit) {
    return (ClusterUpdate.Delta) read(feed.after(known, visible, limit).orElseThrow());
  }

  static ClusterUpdate read(StateFeed.Step step) {
    UpdateAssembler assembler = new UpdateAssembler();
    return step.messages().stream()
        .flatMap(message -> assembler.add(message).stream())
        .reduce((one, other) -> other)
        .orElseThrow();
  }

  private long service(long revision, String address, String backend) {
    ResourceKey key = new ResourceKey("services", "shop", "web");
    byte[] manifest =
        """
        {"metadata":{"namespace":"shop","name":"web"},
         "spec":{"clusterIP":"%s","selector":{"backend":"%s"}}}\
        """
            .formatted(address, backend)
            .getBytes(UTF_8);
    return revision == 0
        ? store.create(key, manifest, Set.of()).revision()
        : store.update(key, manifest, revision, Set.of(), Set.of()).revision();
  }

  private long namespace(String name) {
    return store.create(resource(name), "{}".getBytes(UTF_8), Set.of()).revision();
  }

  private static ResourceKey resource(String name) {
    return new ResourceKey("namespaces", "", name);
  }

  private static ObjectName key(String name) {
    return ObjectName.clusterScoped(name);
  }
}
