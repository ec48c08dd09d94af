package io.podwire.netstack.impair;

import static io.podwire.netstack.impair.ImpairedLink.MILLI;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.podwire.netstack.impair.model.Corruption;
import io.podwire.netstack.impair.model.Delay;
import io.podwire.netstack.impair.model.Distribution;
import io.podwire.netstack.impair.model.Duplication;
import io.podwire.netstack.impair.model.GilbertElliottLoss;
import io.podwire.netstack.impair.model.Impairment;
import io.podwire.netstack.impair.model.RandomLoss;
import io.podwire.netstack.impair.model.Rate;
import io.podwire.netstack.impair.model.TokenBucket;
import io.podwire.netstack.link.DropCounters;
import io.podwire.netstack.link.Frame;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** Packets make no garbage on their way through a fault, held or not. */
class ImpairmentAllocationTest {

  private static final int WARM_UP = 50_000;
  private static final int PACKETS = 100_000;
  private static final long INTERVAL = MILLI / 50;

  /** What is left to the measurement itself, and to a compiler that steps in. */
  private static final double OCTETS_PER_PACKET = 1.0;

  private final LinkImpairments link = new LinkImpairments(frame -> true, new DropCounters());
  private final Frame frame = ImpairedLink.packet(0, 1000);
  private long now;

  private void send(int packets) {
    for (int i = 0; i < packets; i++) {
      now += INTERVAL;
      link.advance(now);
      link.transmit(frame, now);
    }
  }

  private void expectNoGarbage(Impairment... impairments) {
    RunningFault fault = link.put(ImpairedLink.fault("default/test", 1, impairments), 0);
    send(WARM_UP);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    send(PACKETS);
    long octets = threads.getCurrentThreadAllocatedBytes() - before;

    assertThat(fault.snapshot().matched()).isEqualTo(WARM_UP + PACKETS);
    assertThat((double) octets / PACKETS)
        .as("octets allocated for each packet")
        .isLessThan(OCTETS_PER_PACKET);
  }

  @Test
  void shouldNotAllocateForHeldPackets() {
    expectNoGarbage(new Delay(10 * MILLI, 2 * MILLI, 0.25, Distribution.NORMAL));
  }

  @Test
  void shouldNotAllocateForLossAndDamage() {
    expectNoGarbage(
        new GilbertElliottLoss(0.01, 0.3, 0.9, 0.01), new Duplication(0.1), new Corruption(0.1));
  }

  @Test
  void shouldNotAllocateForWaitingPackets() {
    expectNoGarbage(
        new RandomLoss(0.1), new Rate(500_000_000), new TokenBucket(450_000_000, 3000, 100_000));
  }
}
