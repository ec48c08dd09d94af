package io.podwire.netstack.neighbor;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.netstack.link.DropCounters;
import io.podwire.netstack.link.DropReason;
import io.podwire.netstack.link.Frame;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NeighborCacheTest {

  private static final IpAddress FIRST = IpAddress.parse("10.244.0.0");
  private static final MacAddress MAC = new MacAddress(5);

  private final DropCounters drops = new DropCounters();
  private final Frame frame = Frame.allocate(0);
  private int asked;
  private int resolved;
  private int unreachable;
  private final NeighborCache cache =
      new NeighborCache(
          target -> asked++,
          new NeighborCache.Waiting() {
            @Override
            public void resolved(IpAddress address, Frame frame, MacAddress mac) {
              resolved++;
            }

            @Override
            public void unreachable(Frame frame, long nowMillis) {
              unreachable++;
            }
          },
          drops);

  /** A neighbour as simply as possible; waiting where the MAC address is null. */
  private static final class Model {
    final Map<IpAddress, MacAddress> known = new HashMap<>();
    final Map<IpAddress, Long> due = new HashMap<>();
    final Map<IpAddress, Integer> questions = new HashMap<>();

    void forget(IpAddress address) {
      known.remove(address);
      due.remove(address);
      questions.remove(address);
    }

    void age(long now) {
      for (IpAddress address : Map.copyOf(due).keySet()) {
        if (now < due.getOrDefault(address, now)) {
          continue;
        }
        int asked = questions.getOrDefault(address, 0);
        if (!known.containsKey(address) && asked < NeighborCache.MAX_SOLICITATIONS) {
          questions.put(address, asked + 1);
          due.put(address, now + NeighborCache.RETRANSMIT_MILLIS);
        } else {
          forget(address);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void shouldKnowWhatMapsKnow(long seed) {
    Random random = new Random(seed);
    Model model = new Model();
    long now = -9000;
    for (int i = 0; i < 30_000; i++) {
      now += random.nextInt(200);
      IpAddress address = FIRST.plus(random.nextInt(300));
      MacAddress mac = new MacAddress(1 + random.nextInt(3));
      switch (random.nextInt(10)) {
        case 0 -> {
          cache.pin(address, mac);
          model.forget(address);
          model.known.put(address, mac);
        }
        case 1 -> {
          cache.remove(address);
          model.forget(address);
        }
        case 2, 3 -> {
          cache.learn(address, mac, now);
          if (model.due.containsKey(address)) {
            model.known.put(address, mac);
            model.questions.put(address, 0);
            model.due.put(address, now + NeighborCache.REACHABLE_MILLIS);
          }
        }
        case 4 -> {
          cache.age(now);
          model.age(now);
        }
        default -> {
          if (cache.lookup(address) == null) {
            cache.await(address, frame, now);
            if (!model.due.containsKey(address)) {
              model.due.put(address, now + NeighborCache.RETRANSMIT_MILLIS);
              model.questions.put(address, 1);
            }
          }
        }
      }
      assertThat(cache.lookup(address)).isEqualTo(model.known.get(address));
    }
    assertThat(asked).isPositive();
    assertThat(resolved).isPositive();
    assertThat(unreachable).isPositive();
  }

  @Test
  void shouldCapWhatStrangersAskForAndNotWhatIsPinned() {
    for (int i = 0; i < 3 * NeighborCache.CAPACITY; i++) {
      cache.pin(FIRST.plus(i), MAC);
    }
    IpAddress other = IpAddress.parse("10.245.0.0");
    for (int i = 0; i < NeighborCache.CAPACITY + 5; i++) {
      cache.await(other.plus(i), frame, 0);
    }
    assertThat(drops.of(DropReason.NEIGHBOR_QUEUE_FULL)).isEqualTo(5);
    assertThat(asked).isEqualTo(NeighborCache.CAPACITY);

    for (long now = 1000; now <= 3000; now += 1000) {
      cache.age(now);
    }
    assertThat(unreachable).isEqualTo(NeighborCache.CAPACITY);
    assertThat(cache.size()).isEqualTo(3 * NeighborCache.CAPACITY);
  }

  @Test
  void shouldCountWhatMayMoveAFlow() {
    cache.await(FIRST, frame, 0);
    cache.learn(FIRST, MAC, 0);
    cache.learn(FIRST, MAC, 1);
    assertThat(cache.generation()).as("only learnt").isZero();
    cache.learn(FIRST, new MacAddress(6), 2);
    assertThat(cache.generation()).isEqualTo(1);
    cache.pin(FIRST, new MacAddress(7));
    assertThat(cache.generation()).isEqualTo(2);
    cache.remove(FIRST);
    cache.remove(FIRST);
    assertThat(cache.generation()).isEqualTo(3);
    cache.await(FIRST, frame, 0);
    cache.learn(FIRST, MAC, 0);
    cache.age(NeighborCache.REACHABLE_MILLIS);
    assertThat(cache.generation()).as("aged out").isEqualTo(4);
  }
}
