package io.podwire.netstack.impair;

import static io.podwire.netstack.impair.ImpairedLink.LOCAL;
import static io.podwire.netstack.impair.ImpairedLink.MILLI;
import static io.podwire.netstack.impair.ImpairedLink.PEER;
import static io.podwire.netstack.impair.ImpairedLink.SEED;
import static io.podwire.netstack.impair.ImpairedLink.fault;
import static io.podwire.netstack.wire.PacketBuilder.ping;
import static io.podwire.netstack.wire.PacketBuilder.tcp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podwire.netstack.impair.model.Blackhole;
import io.podwire.netstack.impair.model.Delay;
import io.podwire.netstack.impair.model.EcnMarking;
import io.podwire.netstack.impair.model.Flap;
import io.podwire.netstack.impair.model.Hold;
import io.podwire.netstack.impair.model.LossCause;
import io.podwire.netstack.impair.model.MtuBlackhole;
import io.podwire.netstack.impair.model.NthLoss;
import io.podwire.netstack.impair.model.QueueLimit;
import io.podwire.netstack.impair.model.RandomLoss;
import io.podwire.netstack.impair.model.Rate;
import io.podwire.netstack.impair.model.Reordering;
import io.podwire.netstack.link.DropReason;
import io.podwire.netstack.link.Frame;
import io.podwire.packet.EtherType;
import io.podwire.packet.EthernetView;
import io.podwire.packet.IpProtocol;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What cuts a link, several faults on one link, and what becomes of held packets. */
class LinkImpairmentsTest {

  private static final PacketFilter TCP_ONLY =
      new PacketFilter(List.of(), List.of(), IpProtocol.TCP, List.of(), List.of(), List.of());

  private static LinkFault delayTcp(long nanos) {
    return new LinkFault(
        "default/tcp",
        TCP_ONLY,
        Direction.EGRESS,
        "default/pod",
        1,
        0,
        Pipeline.of(new Delay(nanos)));
  }

  private static Frame arp() {
    Frame frame = Frame.allocate(60);
    frame.reset(Frame.HEADROOM, 60);
    new EthernetView().wrap(frame.buffer(), frame.start(), 60).set(1, 2, EtherType.ARP);
    return frame;
  }

  @Test
  void shouldPassEverythingWithoutFaults() {
    ImpairedLink link = new ImpairedLink().send(3);

    assertThat(link.impairments.isEmpty()).isTrue();
    assertThat(link.impairments.nextRelease()).isEqualTo(Long.MAX_VALUE);
    assertThat(link.arrivals).hasSize(3);
  }

  @Test
  void shouldSayThatTheOutputDidNotTakeAFrame() {
    LinkImpairments blocked = new LinkImpairments(frame -> false, new ImpairedLink().drops);

    assertThat(blocked.transmit(ImpairedLink.packet(0, 100), 0)).isFalse();
  }

  @Test
  void shouldCountWhatTheOutputDidNotTakeLater() {
    ImpairedLink counts = new ImpairedLink();
    LinkImpairments blocked = new LinkImpairments(frame -> false, counts.drops);
    blocked.put(fault("a/b", SEED, new Delay(5)), 0);

    assertThat(blocked.transmit(ImpairedLink.packet(0, 100), 0)).isTrue();
    blocked.advance(5);
    assertThat(counts.drops.of(DropReason.TRANSMIT_FAILED)).isEqualTo(1);
    assertThat(blocked.pool().inUse()).isZero();
  }

  @Test
  void shouldCutALink() {
    ImpairedLink link = ImpairedLink.with(new Blackhole()).send(5);
    link.impairments.transmit(arp(), link.now);

    assertThat(link.arrivals).isEmpty();
    assertThat(link.counts().lost(LossCause.PARTITION)).isEqualTo(6);
    assertThat(link.drops.of(DropReason.FAULT_PARTITION)).isEqualTo(6);
  }

  @Test
  void shouldLeaveNeighbourDiscoveryAloneUnlessTheLinkIsCut() {
    ImpairedLink lossy = ImpairedLink.with(new RandomLoss(1));
    lossy.impairments.transmit(arp(), 0);
    assertThat(lossy.arrivals).hasSize(1);
    assertThat(lossy.counts().matched()).isZero();

    ImpairedLink cutForTcp = new ImpairedLink();
    cutForTcp.impairments.put(
        new LinkFault("a/b", TCP_ONLY, Direction.EGRESS, "x", 1, 0, Pipeline.of(new Blackhole())),
        0);
    cutForTcp.impairments.transmit(arp(), 0);
    assertThat(cutForTcp.arrivals).hasSize(1);
  }

  @Test
  void shouldFlapFromTheFaultsStart() {
    ImpairedLink link = new ImpairedLink();
    link.impairments.put(
        new LinkFault(
            "a/b",
            PacketFilter.ALL,
            Direction.EGRESS,
            "x",
            1,
            2 * MILLI,
            Pipeline.of(new Flap(3 * MILLI, 5 * MILLI))),
        2 * MILLI);
    link.runUntil(2 * MILLI);
    link.send(16);

    assertThat(link.numbers()).containsExactly(3L, 4L, 5L, 6L, 7L, 11L, 12L, 13L, 14L, 15L);
    assertThat(link.counts().lost(LossCause.FLAP)).isEqualTo(6);
  }

  @Test
  void shouldSwallowLargePacketsSilently() {
    ImpairedLink link = ImpairedLink.with(new MtuBlackhole(1400));
    link.sendAt(0, 1414);
    link.sendAt(0, 1415);
    link.sendAt(0, 100);

    assertThat(link.numbers()).containsExactly(0L, 2L);
    assertThat(link.counts().lost(LossCause.MTU)).isEqualTo(1);
    assertThat(link.drops.of(DropReason.FAULT_MTU)).isEqualTo(1);
  }

  @Test
  void shouldCutAFrameOfManyPacketsBeforeItsMtuIsLookedAt() {
    ImpairedLink link = ImpairedLink.with(new MtuBlackhole(1400));
    link.impairments.transmit(
        tcp(LOCAL, PEER).ports(1, 2).payload(5000).checksumPending().segmentSize(1000).frame(), 0);

    assertThat(link.arrivals).hasSize(5);
  }

  @Test
  void shouldHoldUntilRemovedAndReleaseInOrder() {
    ImpairedLink link = ImpairedLink.with(new Hold(8)).send(10);
    assertThat(link.arrivals).isEmpty();
    assertThat(link.impairments.nextRelease()).isEqualTo(Long.MAX_VALUE);
    assertThat(link.impairments.held()).isEqualTo(8);

    link.runUntil(50 * MILLI);
    RunningFault fault = link.fault();
    assertThat(link.impairments.remove("default/test", link.now)).isSameAs(fault);
    FaultSnapshot last = fault.snapshot();

    assertThat(link.numbers()).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L);
    assertThat(link.times()).allMatch(time -> time == 50 * MILLI);
    assertThat(last.lost(LossCause.HOLD_OVERFLOW)).isEqualTo(2);
    assertThat(last.passed()).isEqualTo(8);
    assertThat(fault.kept()).isEqualTo(8);
    assertThat(link.impairments.pool().free()).isZero();
  }

  @Test
  void shouldReleaseAtOnceWhatARemovedFaultHolds() {
    ImpairedLink link = ImpairedLink.with(new Delay(100 * MILLI), new Rate(1_000_000)).send(5);
    link.impairments.remove("default/test", link.now);

    assertThat(link.numbers()).containsExactly(0L, 1L, 2L, 3L, 4L);
    assertThat(link.impairments.isEmpty()).isTrue();
    assertThat(link.impairments.remove("default/test", link.now)).isNull();
  }

  @Test
  void shouldReplaceAFaultInItsPlace() {
    ImpairedLink link = ImpairedLink.with(new Delay(100 * MILLI));
    link.impairments.put(fault("default/last", 1, new Delay(MILLI)), 0);
    link.send(3);
    link.impairments.put(fault("default/test", 1, new Delay(7 * MILLI)), link.now);
    assertThat(link.impairments.faults())
        .extracting(running -> running.fault().id())
        .containsExactly("default/test", "default/last");
    assertThat(link.drain().times()).allMatch(time -> time == 4 * MILLI);
    long before = link.now;
    link.send(1).drain();

    assertThat(link.times().getLast()).isEqualTo(before + 8 * MILLI);
  }

  @Test
  void shouldPassFaultsInTheOrderInWhichTheyWerePut() {
    ImpairedLink link = new ImpairedLink();
    link.impairments.put(fault("a/delay", 1, new Delay(10 * MILLI)), 0);
    link.impairments.put(fault("a/more", 2, new Delay(5 * MILLI)), 0);
    link.impairments.put(fault("a/cut", 3, new Flap(12 * MILLI, 1000 * MILLI)), 0);
    link.send(10).drain();

    // What comes to the last one within 12 ms is lost there: none, for 15 ms have passed by then.
    assertThat(link.arrivals).hasSize(10);
    assertThat(link.times().getFirst()).isEqualTo(15 * MILLI);
    link.impairments.remove("a/delay", link.now);
    link.impairments.put(fault("a/cut", 3, new Blackhole()), link.now);
    link.send(10).drain();
    assertThat(link.arrivals).hasSize(10);
    assertThat(link.impairments.faults().getLast().snapshot().matched()).isEqualTo(10);
  }

  @Test
  void shouldNotAddUpLatenessOverFaults() {
    ImpairedLink link = new ImpairedLink();
    link.impairments.put(fault("a/first", 1, new Delay(10 * MILLI)), 0);
    link.impairments.put(fault("a/second", 2, new Delay(10 * MILLI)), 0);
    link.impairments.transmit(ImpairedLink.packet(0, 100), 0);
    link.impairments.advance(17 * MILLI);

    assertThat(link.impairments.nextRelease()).isEqualTo(20 * MILLI);
  }

  @Test
  void shouldLetUnmatchedTrafficOvertake() {
    ImpairedLink link = new ImpairedLink();
    link.impairments.put(delayTcp(MILLI), 0);
    link.impairments.transmit(tcp(LOCAL, PEER).ports(1, 2).payload(50).frame(), 0);
    link.impairments.transmit(ping(LOCAL, PEER, 7).payload(100).frame(), 0);

    assertThat(link.arrivals).hasSize(1);
    assertThat(link.drain().arrivals).hasSize(2);
  }

  @Test
  void shouldNameTheFaultOfEachLoss() {
    ImpairedLink link = ImpairedLink.with(new NthLoss(2, 0));
    List<String> losses = new ArrayList<>();
    link.impairments.observe(
        (fault, cause, frame) -> losses.add(fault.id() + " " + cause + " " + frame.length()));
    link.send(3);

    assertThat(losses).containsExactly("default/test NTH 100", "default/test NTH 100");
  }

  @Test
  void shouldShrinkThePoolWhenIdle() {
    ImpairedLink link =
        ImpairedLink.with(new Delay(100 * MILLI), new QueueLimit(5000)).send(4000, 1000, 1000);
    link.drain();
    assertThat(link.impairments.pool().free()).isGreaterThan(3000);
    for (int second = 1; second <= 3; second++) {
      link.impairments.advance(link.now + second * ImpairedLink.SECOND);
    }

    assertThat(link.impairments.pool().free()).isZero();
  }

  @Test
  void shouldNameAllThatContradictsItself() {
    assertThatThrownBy(() -> Pipeline.of(new Reordering(0.5), new EcnMarking()))
        .hasMessage(
            "reorder needs a delay for the packets that it overtakes;"
                + " ecn needs a loss whose packets it marks");
    assertThatThrownBy(() -> Pipeline.of(new Delay(1), new Delay(2)))
        .hasMessage("a fault takes one Delay, got 2");
    assertThatThrownBy(() -> Pipeline.of(new Blackhole(), new Delay(2)))
        .hasMessageContaining("lets nothing pass");
    assertThatThrownBy(() -> Pipeline.of(new QueueLimit(5)))
        .hasMessageContaining("a limit alone does nothing");
    assertThatThrownBy(Pipeline::of).hasMessage("a fault needs at least one impairment");
  }
}
