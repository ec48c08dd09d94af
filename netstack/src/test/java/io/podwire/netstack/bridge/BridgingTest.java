package io.podwire.netstack.bridge;

import static io.podwire.netstack.wire.PacketBuilder.udp;
import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.netstack.link.DropCounters;
import io.podwire.netstack.link.DropReason;
import io.podwire.netstack.link.Frame;
import io.podwire.packet.addr.MacAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The bridge alone, with ports that may send from any address. */
class BridgingTest {

  private static final MacAddress ROUTER = MacAddress.parse("0a:58:0a:f4:01:01");
  private static final MacAddress A = MacAddress.parse("02:00:00:00:00:0a");
  private static final MacAddress B = MacAddress.parse("02:00:00:00:00:0b");
  private static final MacAddress C = MacAddress.parse("02:00:00:00:00:0c");
  private static final int CAPACITY = 8;

  private final DropCounters drops = new DropCounters();
  private final List<String> log = new ArrayList<>();
  private boolean filterAccepts = true;
  private final BridgeRouter router =
      new BridgeRouter() {
        @Override
        public boolean bridgesIpv6() {
          return false;
        }

        @Override
        public long mac() {
          return ROUTER.value();
        }

        @Override
        public void receive(Frame frame, long nowMillis) {
          log.add("router");
        }

        @Override
        public void overhear(Frame frame, long nowMillis) {
          log.add("overheard");
        }

        @Override
        public boolean filterBridged(Frame frame, long nowMillis) {
          return filterAccepts;
        }

        @Override
        public void bridged(BridgePort to, Frame frame) {}
      };
  private final VirtualBridge bridge =
      new VirtualBridge(
          new ForwardingDatabase(ForwardingDatabase.DEFAULT_AGEING_MILLIS, CAPACITY, 1),
          router,
          drops);
  private final BridgePort one = port("one");
  private final BridgePort two = port("two");
  private final BridgePort three = port("three");

  private BridgePort port(String name) {
    return new BridgePort(name, SourceGuard.off(), frame -> log.add(name));
  }

  @BeforeEach
  void attach() {
    bridge.add(one, MacAddress.parse("02:00:00:00:01:01"));
    bridge.add(two, MacAddress.parse("02:00:00:00:01:02"));
    bridge.add(three, MacAddress.parse("02:00:00:00:01:03"));
  }

  private static Frame frame(MacAddress from, MacAddress to) {
    return udp("10.0.0.1", "10.0.0.2").from(from).to(to).frame();
  }

  private List<String> reached(BridgePort from, MacAddress source, MacAddress to, long now) {
    log.clear();
    bridge.receive(from, frame(source, to), now);
    return List.copyOf(log);
  }

  @Test
  void shouldFloodUntilItHasLearnt() {
    assertThat(reached(one, A, B, 0)).containsExactly("two", "three");
    assertThat(reached(two, B, A, 1)).containsExactly("one");
    assertThat(reached(one, A, B, 2)).containsExactly("two");
  }

  @Test
  void shouldFloodBroadcastsAndLetTheRouterHear() {
    assertThat(reached(one, A, MacAddress.BROADCAST, 0))
        .containsExactly("two", "three", "overheard");
    assertThat(reached(one, A, MacAddress.parse("01:00:5e:00:00:fb"), 0))
        .containsExactly("two", "three", "overheard");
  }

  @Test
  void shouldGiveTheRouterWhatIsAddressedToIt() {
    assertThat(reached(one, A, ROUTER, 0)).containsExactly("router");
    // Nobody can take the router's address away.
    assertThat(reached(two, ROUTER, A, 1)).containsExactly("one");
    assertThat(reached(one, A, ROUTER, 2)).containsExactly("router");
  }

  @Test
  void shouldForgetAnAddressAfterThreeHundredSeconds() {
    reached(two, B, A, 0);
    assertThat(reached(one, A, B, 299_999)).containsExactly("two");
    assertThat(reached(one, A, B, 300_000)).containsExactly("two", "three");
    bridge.age(300_000);
    assertThat(reached(two, B, A, 300_001)).containsExactly("one");
  }

  @Test
  void shouldFollowAStationThatMoves() {
    reached(two, B, A, 0);
    reached(three, B, A, 1);
    assertThat(reached(one, A, B, 2)).containsExactly("three");
  }

  @Test
  void shouldNotSendAFrameBackToWhereItCameFrom() {
    reached(one, A, C, 0);
    assertThat(reached(one, B, A, 1)).isEmpty();
  }

  @Test
  void shouldCountWhatTheFullTableCannotLearnAndStillForward() {
    for (int i = 0; i < CAPACITY; i++) {
      reached(one, new MacAddress(0x0600_0000_0000L + i), B, 0);
    }
    // Three of the places were taken by the ports' own addresses.
    assertThat(drops.of(DropReason.FORWARDING_TABLE_FULL)).isEqualTo(3);
    assertThat(reached(two, C, A, 1)).containsExactly("one", "three");
    assertThat(reached(one, A, C, 2)).containsExactly("two", "three");

    bridge.age(300_000);
    reached(two, C, A, 300_001);
    assertThat(reached(one, A, C, 300_002)).containsExactly("two");
  }

  @Test
  void shouldForgetWhatWasBehindARemovedPort() {
    reached(two, B, A, 0);
    bridge.remove(two);
    assertThat(reached(one, A, B, 1)).containsExactly("three");
    assertThat(reached(one, A, MacAddress.parse("02:00:00:00:01:02"), 1)).containsExactly("three");
  }

  @Test
  void shouldNeverUnlearnTheAddressOfAPort() {
    MacAddress own = MacAddress.parse("02:00:00:00:01:02");
    reached(three, own, A, 0);
    assertThat(reached(one, A, own, 1)).containsExactly("two");
    bridge.age(10_000_000);
    assertThat(reached(one, A, own, 10_000_000)).containsExactly("two");
  }

  @Test
  void shouldDropAGroupAddressAsSource() {
    assertThat(reached(one, MacAddress.BROADCAST, A, 0)).isEmpty();
    assertThat(drops.of(DropReason.MALFORMED_ETHERNET)).isEqualTo(1);
    assertThat(reached(two, A, MacAddress.BROADCAST, 1))
        .containsExactly("one", "three", "overheard");
  }

  @Test
  void shouldDropWhatTheFilterRefuses() {
    filterAccepts = false;
    assertThat(reached(one, A, B, 0)).isEmpty();
    assertThat(one.counters().droppedFrames()).isEqualTo(1);
  }

  @Test
  void shouldCountOctetsAndFramesOfPorts() {
    Frame frame = frame(A, B);
    bridge.receive(one, frame, 0);

    assertThat(one.counters().receivedPackets()).isEqualTo(1);
    assertThat(one.counters().receivedBytes()).isEqualTo(frame.length());
    assertThat(two.counters().sentPackets()).isEqualTo(1);
    assertThat(two.counters().sentBytes()).isEqualTo(frame.length());
    assertThat(one.counters().sentPackets()).isZero();
  }

  @Test
  void shouldCountAFrameThatItsPortDidNotTake() {
    BridgePort full = new BridgePort("full", SourceGuard.off(), frame -> false);
    bridge.add(full, C);
    reached(one, A, C, 0);

    assertThat(full.counters().droppedFrames()).isEqualTo(1);
    assertThat(full.counters().sentPackets()).isZero();
    assertThat(drops.of(DropReason.TRANSMIT_FAILED)).isEqualTo(1);
  }
}
