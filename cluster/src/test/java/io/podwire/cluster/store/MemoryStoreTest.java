package io.podwire.cluster.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MemoryStoreTest extends StoreContract {

  private final MemoryStore store = new MemoryStore();

  @Override
  protected Store store() {
    return store;
  }

  @Test
  void shouldRefuseAWatchFromBeforeTheHistory() {
    MemoryStore small = new MemoryStore(2, Runnable::run);
    List<Long> revisions = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      revisions.add(small.create(service("s" + i), bytes("1"), Set.of()).revision());
    }

    assertThatThrownBy(() -> small.watch(Set.of("services"), revisions.get(1), event -> {}))
        .isInstanceOf(StoreException.RevisionGone.class);
    List<Long> seen = new ArrayList<>();
    small.watch(Set.of("services"), revisions.get(2), event -> seen.add(event.revision()));
    assertThat(seen).containsExactly(revisions.get(3), revisions.get(4));
  }

  @Test
  void shouldKeepTheOrderWhenAWatcherWrites() {
    List<String> seen = new ArrayList<>();
    store.watch(
        Set.of("services"),
        0,
        event -> {
          if (event instanceof StoreEvent.Put put && put.object().key().name().equals("a")) {
            store.create(service("b"), bytes("1"), Set.of());
          }
          seen.add(event.toString());
        });
    store.create(service("a"), bytes("1"), Set.of());

    assertThat(seen).hasSize(2);
    assertThat(seen.get(0)).contains("default/a");
    assertThat(seen.get(1)).contains("default/b");
  }
}
