package io.podwire.netstack.impair;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.netstack.impair.model.Blackhole;
import io.podwire.netstack.impair.model.Corruption;
import io.podwire.netstack.impair.model.Delay;
import io.podwire.netstack.impair.model.Distribution;
import io.podwire.netstack.impair.model.Duplication;
import io.podwire.netstack.impair.model.Flap;
import io.podwire.netstack.impair.model.Hold;
import io.podwire.netstack.impair.model.Impairment;
import io.podwire.netstack.impair.model.MtuBlackhole;
import io.podwire.netstack.impair.model.QueueLimit;
import io.podwire.netstack.impair.model.RandomLoss;
import io.podwire.netstack.impair.model.Rate;
import io.podwire.netstack.impair.model.Reordering;
import io.podwire.netstack.impair.model.Slot;
import io.podwire.netstack.impair.model.TokenBucket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is put and removed while packets pass: none is lost without a count, none leaks. */
class RandomFaultsTest {

  private static final int STEPS = 20_000;
  private static final int LARGEST_LIMIT = 300;

  private final ImpairedLink link = new ImpairedLink();
  private final List<RunningFault> all = new ArrayList<>();

  private static Impairment[] impairments(Random random) {
    List<Impairment> some = new ArrayList<>();
    switch (random.nextInt(8)) {
      case 0 -> some.add(new Blackhole());
      case 1 -> some.add(new Hold(1 + random.nextInt(LARGEST_LIMIT)));
      default -> {
        some.add(new Delay(random.nextInt(1_000_000), 200_000, 0.1, Distribution.PARETO));
        if (random.nextBoolean()) {
          some.add(new Duplication(0.2));
        }
        if (random.nextBoolean()) {
          some.add(new RandomLoss(0.2, 0.3));
        }
        if (random.nextBoolean()) {
          some.add(new Corruption(0.2));
        }
        if (random.nextInt(3) == 0) {
          some.add(new Rate(1_000_000L + random.nextInt(100_000_000), 10, 48, 5));
        }
        if (random.nextInt(3) == 0) {
          some.add(new TokenBucket(50_000_000, 3000, 50_000, 100_000_000, 1600));
        }
        if (random.nextInt(4) == 0) {
          some.add(new Slot(10_000, 500_000, 10, 3000));
        }
        if (random.nextInt(4) == 0) {
          some.add(new Flap(1_000_000, 3_000_000));
        }
        if (random.nextInt(4) == 0) {
          some.add(new MtuBlackhole(1000));
        }
        some.add(new QueueLimit(1 + random.nextInt(LARGEST_LIMIT)));
      }
    }
    return some.toArray(Impairment[]::new);
  }

  private static Impairment[] mayReorder(Random random, Impairment[] some) {
    boolean delays = some[0] instanceof Delay delay && delay.latencyNanos() > 0;
    if (!delays || random.nextBoolean()) {
      return some;
    }
    List<Impairment> more = new ArrayList<>(List.of(some));
    more.add(new Reordering(0.3, 0.2, 2));
    return more.toArray(Impairment[]::new);
  }

  private void expectNothingLeaks() {
    assertThat(link.impairments.pool().inUse()).isEqualTo(link.impairments.held());
    for (RunningFault fault : all) {
      FaultSnapshot counts = fault.snapshot();
      assertThat(counts.passed() + counts.lostPackets() + fault.held())
          .as("what became of the packets of %s", fault.fault())
          .isEqualTo(counts.matched() + counts.duplicated());
      int limit = LARGEST_LIMIT + 1;
      assertThat(fault.held()).isLessThanOrEqualTo(limit);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void shouldAccountForEveryPacket(long seed) {
    Random random = new Random(seed);
    long sent = 0;
    for (int step = 0; step < STEPS; step++) {
      long next = link.now + random.nextInt(20_000);
      switch (random.nextInt(200)) {
        case 0 -> {
          LinkFault fault =
              ImpairedLink.fault(
                  "a/" + random.nextInt(4),
                  random.nextLong(),
                  mayReorder(random, impairments(random)));
          all.add(link.impairments.put(fault, link.now));
        }
        case 1, 2 -> link.impairments.remove("a/" + random.nextInt(4), link.now);
        case 3 -> {
          // A host that was away for a while.
          link.now += random.nextInt(3_000_000);
          link.impairments.advance(link.now);
          next = link.now;
        }
        case 4 -> expectNothingLeaks();
        default -> {}
      }
      link.sendAt(next, 60 + random.nextInt(1400));
      sent++;
    }
    for (int i = 0; i < 4; i++) {
      link.impairments.remove("a/" + i, link.now);
    }
    expectNothingLeaks();
    assertThat(link.impairments.held()).isZero();
    assertThat(link.impairments.pool().inUse()).isZero();
    long lost = all.stream().mapToLong(fault -> fault.snapshot().lostPackets()).sum();
    long duplicated = all.stream().mapToLong(fault -> fault.snapshot().duplicated()).sum();
    assertThat(link.arrivals).hasSize((int) (sent + duplicated - lost));
    assertThat(link.drops.total()).isEqualTo(lost);
  }
}
