package io.podwire.netstack.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardingDatabaseTest {

  private static final long AGEING = 1000;
  private static final int MACS = 4000;

  private final List<BridgePort> ports =
      IntStream.range(0, 4)
          .mapToObj(i -> new BridgePort("port" + i, SourceGuard.off(), frame -> true))
          .toList();

  /** The simplest database: never swept, only asked. */
  private static final class Model {
    record Seen(BridgePort port, long millis, boolean permanent) {}

    final Map<Long, Seen> seen = new HashMap<>();

    @Nullable BridgePort lookup(long mac, long now) {
      Seen known = seen.get(mac);
      return known == null || !known.permanent && now - known.millis >= AGEING ? null : known.port;
    }

    void learn(long mac, BridgePort port, long now) {
      Seen known = seen.get(mac);
      if (known == null || !known.permanent) {
        seen.put(mac, new Seen(port, now, false));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void shouldKnowWhatANeverSweptMapKnows(long seed) {
    Random random = new Random(seed);
    ForwardingDatabase database = new ForwardingDatabase(AGEING, 2 * MACS, seed);
    Model model = new Model();
    long now = -500;
    for (int i = 0; i < 60_000; i++) {
      long mac = random.nextInt(MACS);
      BridgePort port = ports.get(random.nextInt(ports.size()));
      switch (random.nextInt(1000)) {
        case 0 -> {
          database.pin(mac, port);
          model.seen.put(mac, new Model.Seen(port, 0, true));
        }
        case 1, 2, 3, 4, 5, 6, 7, 8, 9 -> database.age(now);
        case 10 -> {
          database.forget(port);
          model.seen.values().removeIf(known -> known.port() == port);
        }
        default -> {
          assertThat(database.learn(mac, port, now)).isTrue();
          model.learn(mac, port, now);
        }
      }
      now += random.nextInt(100) == 0 ? random.nextInt(20) : 0;
      long other = random.nextInt(MACS);
      assertThat(database.lookup(other, now)).isSameAs(model.lookup(other, now));
    }
    assertThat(database.size()).isLessThanOrEqualTo(MACS);
  }

  @Test
  void shouldLearnAgainWhenFullOfWhatHasAgedUnswept() {
    ForwardingDatabase database = new ForwardingDatabase(AGEING, 100, 1);
    for (int mac = 0; mac < 100; mac++) {
      assertThat(database.learn(mac, ports.get(0), 0)).isTrue();
    }
    assertThat(database.learn(100, ports.get(0), AGEING - 1)).isFalse();
    // Each try looks at some of the table, so room is found after a few at the latest.
    boolean learnt = false;
    for (int i = 0; i < 20 && !learnt; i++) {
      learnt = database.learn(100, ports.get(0), AGEING);
    }
    assertThat(learnt).isTrue();
  }

  @Test
  void shouldCountWhatMayMoveAFlow() {
    ForwardingDatabase database = new ForwardingDatabase(AGEING, 100, 1);
    database.learn(1, ports.get(0), 0);
    database.learn(1, ports.get(0), 1);
    long before = database.generation();
    database.learn(1, ports.get(0), 2);
    database.learn(2, ports.get(0), 2);
    assertThat(database.generation()).as("nothing moved").isEqualTo(before);

    database.learn(1, ports.get(1), 3);
    assertThat(database.generation()).as("a station moved").isEqualTo(before + 1);
    database.forget(ports.get(1));
    assertThat(database.generation()).as("its port went").isEqualTo(before + 2);
    database.age(AGEING + 2);
    assertThat(database.size()).isZero();
    assertThat(database.generation()).as("the other one aged out").isEqualTo(before + 3);
  }
}
