package io.podwire.netstack.impair;

import static io.podwire.netstack.impair.ImpairedLink.MILLI;
import static io.podwire.netstack.impair.ImpairedLink.SECOND;
import static io.podwire.netstack.impair.ImpairedLink.SEED;
import static io.podwire.netstack.impair.ImpairedLink.fault;
import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.netstack.impair.model.Corruption;
import io.podwire.netstack.impair.model.Delay;
import io.podwire.netstack.impair.model.Hold;
import io.podwire.netstack.impair.model.Impairment;
import io.podwire.netstack.impair.model.LossCause;
import io.podwire.netstack.impair.model.QueueLimit;
import io.podwire.netstack.impair.model.Rate;
import io.podwire.netstack.link.DropCounters;
import io.podwire.netstack.link.DropReason;
import org.junit.jupiter.api.Test;

/** What all links of a node hold together is bounded, whatever the limits of their faults are. */
class HeldMemoryTest {

  private static final int LIMIT = 1_000_000;
  private static final int LARGEST = 2048 + 1000;
  private static final QueueLimit WIDE = new QueueLimit(1_000_000);

  private final DropCounters drops = new DropCounters();
  private final HeldMemory memory = new HeldMemory(LIMIT);
  private final LinkImpairments first = new LinkImpairments(frame -> true, drops, memory);
  private final LinkImpairments second = new LinkImpairments(frame -> true, drops, memory);
  private long now;

  private RunningFault put(LinkImpairments link, Impairment... impairments) {
    return link.put(fault("default/test", SEED, impairments), now);
  }

  private void send(LinkImpairments link, int packets, int length) {
    for (int i = 0; i < packets; i++) {
      link.transmit(ImpairedLink.packet(i, length), now);
    }
  }

  private void expectBounded(RunningFault fault, LossCause cause, int sent) {
    assertThat(memory.usedBytes()).isBetween(LIMIT - 2L * LARGEST, LIMIT + 2L * LARGEST);
    assertThat(fault.held()).isPositive();
    assertThat(fault.snapshot().lost(cause)).isEqualTo(sent - fault.held());
  }

  @Test
  void shouldBoundADelay() {
    RunningFault fault = put(first, new Delay(SECOND), WIDE);

    send(first, 2000, 1000);

    expectBounded(fault, LossCause.QUEUE_LIMIT, 2000);
    assertThat(drops.of(DropReason.FAULT_QUEUE_FULL)).isEqualTo(2000 - fault.held());
  }

  @Test
  void shouldBoundPacketsThatHaveABufferAlready() {
    RunningFault fault = put(first, new Delay(SECOND), new Corruption(1), WIDE);

    send(first, 2000, 1000);

    expectBounded(fault, LossCause.QUEUE_LIMIT, 2000);
  }

  @Test
  void shouldBoundAHold() {
    RunningFault fault = put(first, new Hold(1_000_000));

    send(first, 2000, 1000);

    expectBounded(fault, LossCause.HOLD_OVERFLOW, 2000);
  }

  @Test
  void shouldNotHaveARateWaitForWhatWasLost() {
    RunningFault fault = put(first, new Rate(8_000_000), WIDE);
    send(first, 2000, 1000);
    int held = fault.held();

    // A thousand octets take a millisecond.
    now += (held + 1L) * MILLI;
    first.advance(now);

    assertThat(fault.held()).isZero();
    assertThat(fault.snapshot().passed()).isEqualTo(held);
  }

  @Test
  void shouldShareItAmongLinksAndLetGoOfIt() {
    RunningFault full = put(first, new Delay(SECOND), WIDE);
    RunningFault starved = put(second, new Delay(SECOND), WIDE);
    send(first, 2000, 1000);
    send(second, 10, 1000);
    assertThat(starved.held()).isLessThan(2);

    now += SECOND;
    first.advance(now);
    assertThat(full.held()).isZero();
    first.remove("default/test", now);
    send(second, 10, 1000);

    assertThat(starved.held()).isGreaterThanOrEqualTo(10);
    second.advance(now + 2 * SECOND);
    second.remove("default/test", now + 2 * SECOND);
    assertThat(memory.usedBytes()).isZero();
  }

  @Test
  void shouldHoldSmallPacketsWhereLargeOnesWere() {
    RunningFault fault = put(first, new Delay(SECOND), WIDE);
    send(first, 2000, 1000);
    now += SECOND;
    first.advance(now);
    assertThat(fault.held()).isZero();

    send(first, 500, 100);

    assertThat(fault.held()).isEqualTo(500);
    assertThat(memory.usedBytes()).isLessThan(LIMIT);
  }
}
