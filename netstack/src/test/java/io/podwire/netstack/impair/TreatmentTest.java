package io.podwire.netstack.impair;

import static io.podwire.netstack.impair.ImpairedLink.LOCAL;
import static io.podwire.netstack.impair.ImpairedLink.MILLI;
import static io.podwire.netstack.impair.ImpairedLink.PEER;
import static io.podwire.netstack.impair.Statistics.expectShare;
import static io.podwire.netstack.wire.PacketBuilder.tcp;
import static io.podwire.netstack.wire.PacketBuilder.udp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.podwire.netstack.impair.model.Corruption;
import io.podwire.netstack.impair.model.Delay;
import io.podwire.netstack.impair.model.Duplication;
import io.podwire.netstack.impair.model.EcnMarking;
import io.podwire.netstack.impair.model.LossCause;
import io.podwire.netstack.impair.model.QueueLimit;
import io.podwire.netstack.impair.model.RandomLoss;
import io.podwire.netstack.impair.model.Reordering;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.link.Frame.SegmentType;
import io.podwire.netstack.wire.SeenPacket;
import io.podwire.packet.Checksum;
import io.podwire.packet.EtherType;
import io.podwire.packet.EthernetView;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.Ipv4View;
import io.podwire.packet.Ipv6View;
import io.podwire.packet.TcpFlags;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Duplicates, corruption, reordering and congestion marks; counts exact against the log. */
class TreatmentTest {

  private static final int PACKETS = 100_000;
  private static final int LENGTH = 100;

  /** Counts over the whole log, which remembers the last decisions only. */
  private static long logged(ImpairedLink link, int packets, Predicate<Decision> which) {
    long count = 0;
    long seen = 0;
    for (int sent = 0; sent < packets; sent += 500) {
      link.send(500, MILLI, LENGTH);
      DecisionLog log = link.fault().decisions();
      List<Decision> last = log.last();
      int fresh = (int) (log.count() - seen);
      seen = log.count();
      count += last.subList(last.size() - fresh, last.size()).stream().filter(which).count();
    }
    link.drain();
    return count;
  }

  @Test
  void shouldDuplicateExactlyWhatTheLogSays() {
    ImpairedLink link = ImpairedLink.with(new Duplication(0.1));
    long logged = logged(link, PACKETS, Decision::duplicated);

    expectShare(logged, PACKETS, 0.1);
    assertThat(link.arrivals).hasSize((int) (PACKETS + logged));
    assertThat(link.counts().duplicated()).isEqualTo(logged);
    assertThat(link.counts().passed()).isEqualTo(PACKETS + logged);
  }

  @Test
  void shouldNotDuplicateADuplicateAndSendItAhead() {
    ImpairedLink link = ImpairedLink.with(new Duplication(1), new Delay(MILLI)).send(3).drain();

    assertThat(link.numbers()).containsExactly(0L, 0L, 1L, 1L, 2L, 2L);
    assertThat(link.fault().decisions().last())
        .extracting(Decision::index, Decision::duplicated)
        .startsWith(tuple(0L, true), tuple(1L, false));
  }

  @Test
  void shouldDeliverOnceWhatIsDuplicatedAndLost() {
    ImpairedLink link = ImpairedLink.with(new Duplication(1), new RandomLoss(1)).send(10);

    assertThat(link.numbers()).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
    FaultSnapshot counts = link.counts();
    assertThat(counts.matched() + counts.duplicated())
        .isEqualTo(counts.passed() + counts.lostPackets());
  }

  @Test
  void shouldDropBothWhereTheQueueIsFull() {
    ImpairedLink link =
        ImpairedLink.with(new Duplication(1), new Delay(MILLI), new QueueLimit(3)).send(5, 1, 100);

    // As in netem, the duplicate takes the last place and the packet one more.
    assertThat(link.fault().held()).isEqualTo(4);
    assertThat(link.counts().lost(LossCause.QUEUE_LIMIT)).isEqualTo(6);
    assertThat(link.impairments.pool().inUse()).isEqualTo(4);
  }

  @Test
  void shouldFlipOneBitThatAChecksumMisses() {
    List<Frame> seen = new ArrayList<>();
    ImpairedLink link = ImpairedLink.with(new Corruption(1));
    link.seen = frame -> seen.add(frame.copy());
    link.send(2000, MILLI, LENGTH);

    BitSet places = new BitSet();
    Frame intact = ImpairedLink.packet(0, LENGTH);
    for (int i = 0; i < seen.size(); i++) {
      Frame frame = seen.get(i);
      intact.buffer().putLong(intact.start() + ImpairedLink.HEADERS, i);
      Frame sent = intact.copy();
      sent.completeChecksum();
      assertThat(frame.checksumPending()).isFalse();
      places.set(onlyDifference(sent, frame));
      assertThat(isIntact(frame)).as("packet %d", i).isFalse();
    }
    assertThat(places.nextSetBit(0)).isGreaterThanOrEqualTo(EthernetView.HEADER_LENGTH * 8);
    assertThat(places.cardinality())
        .isGreaterThan((LENGTH - EthernetView.HEADER_LENGTH) * 8 * 9 / 10);
  }

  private static int onlyDifference(Frame sent, Frame seen) {
    int place = -1;
    for (int i = 0; i < LENGTH; i++) {
      int bits = (sent.buffer().get(sent.start() + i) ^ seen.buffer().get(seen.start() + i)) & 0xff;
      if (bits != 0) {
        assertThat(place).isEqualTo(-1);
        assertThat(Integer.bitCount(bits)).isEqualTo(1);
        place = i * 8 + Integer.numberOfTrailingZeros(bits);
      }
    }
    assertThat(place).isNotNegative();
    return place;
  }

  /** Sums what a receiver sums, by the lengths that were sent. */
  private static boolean isIntact(Frame frame) {
    int ip = frame.start() + EthernetView.HEADER_LENGTH;
    int transport = ip + Ipv4View.HEADER_LENGTH;
    int length = LENGTH - EthernetView.HEADER_LENGTH - Ipv4View.HEADER_LENGTH;
    boolean header = Checksum.isIntact(Checksum.sum(frame.buffer(), ip, Ipv4View.HEADER_LENGTH));
    long pseudo =
        Checksum.pseudoHeader(
            frame.buffer().getInt(ip + 12), frame.buffer().getInt(ip + 16), IpProtocol.UDP, length);
    return header && Checksum.isIntact(pseudo + Checksum.sum(frame.buffer(), transport, length));
  }

  @Test
  void shouldCorruptExactlyWhatTheLogSaysAndNeverTheSendersFrame() {
    ImpairedLink link = ImpairedLink.with(new Corruption(0.05));
    long[] damaged = new long[1];
    link.seen = frame -> damaged[0] += frame.checksumPending() ? 0 : 1;
    long logged = logged(link, PACKETS, Decision::corrupted);

    expectShare(logged, PACKETS, 0.05);
    assertThat(damaged[0]).isEqualTo(logged);
    assertThat(link.counts().corrupted()).isEqualTo(logged);
    Frame lent = ImpairedLink.packet(0, LENGTH);
    Frame before = lent.copy();
    ImpairedLink always = ImpairedLink.with(new Corruption(1));
    always.impairments.transmit(lent, 0);
    assertThat(SeenPacket.of(lent).payload()).isEqualTo(SeenPacket.of(before).payload());
  }

  @Test
  void shouldSegmentFirstAndDamageOneSegment() {
    Frame stream =
        tcp(LOCAL, PEER)
            .ports(4000, 80)
            .flags(TcpFlags.ACK)
            .payload(10_000)
            .checksumPending()
            .segmentSize(1000)
            .frame();
    List<Boolean> intact = new ArrayList<>();
    ImpairedLink link = ImpairedLink.with(new Corruption(0.3));
    link.seen =
        frame -> {
          assertThat(frame.segmentSize()).isZero();
          Ipv4View ip =
              new Ipv4View().wrap(frame.buffer(), frame.start() + EthernetView.HEADER_LENGTH, 1040);
          intact.add(
              Checksum.isIntact(Checksum.sum(frame.buffer(), ip.offset(), Ipv4View.HEADER_LENGTH))
                  && Checksum.isIntact(
                      Checksum.pseudoHeader(ip.source(), ip.destination(), IpProtocol.TCP, 1020)
                          + Checksum.sum(frame.buffer(), ip.offset() + 20, 1020)));
        };
    link.impairments.transmit(stream, 0);

    List<Boolean> logged =
        link.fault().decisions().last().stream().map(decision -> !decision.corrupted()).toList();
    assertThat(intact).hasSize(10).contains(true, false).isEqualTo(logged);
    assertThat(link.impairments.pool().inUse()).isZero();
  }

  @Test
  void shouldReorderExactlyWhatTheLogSays() {
    ImpairedLink link = ImpairedLink.with(new Delay(10 * MILLI), new Reordering(0.25));
    long logged = logged(link, PACKETS, Decision::reordered);

    expectShare(logged, PACKETS, 0.25);
    long atOnce =
        link.arrivals.stream()
            .filter(arrival -> arrival.atNanos() == arrival.number() * MILLI)
            .count();
    assertThat(atOnce).isEqualTo(logged);
    assertThat(link.counts().reordered()).isEqualTo(logged);
    assertThat(link.counts().delayed()).isEqualTo(PACKETS - logged);
  }

  @Test
  void shouldReorderEveryFifthWithAGapOfFive() {
    ImpairedLink link =
        ImpairedLink.with(new Delay(10 * MILLI), new Reordering(1, 0, 5))
            .send(10, MILLI / 10, 100)
            .drain();

    assertThat(link.numbers()).containsExactly(4L, 9L, 0L, 1L, 2L, 3L, 5L, 6L, 7L, 8L);
  }

  private static Frame withEcn(int field) {
    Frame frame = ImpairedLink.packet(0, LENGTH);
    Ipv4View ip =
        new Ipv4View()
            .wrap(
                frame.buffer(),
                frame.start() + EthernetView.HEADER_LENGTH,
                LENGTH - EthernetView.HEADER_LENGTH);
    ip.setDscp(10).setEcn(field).computeChecksum();
    return frame;
  }

  @Test
  void shouldMarkInsteadOfLosingWhereTheSenderUnderstandsIt() {
    ImpairedLink link = ImpairedLink.with(new RandomLoss(1), new EcnMarking());
    List<SeenPacket> seen = new ArrayList<>();
    link.seen = frame -> seen.add(SeenPacket.of(frame));
    for (int field = 0; field < 4; field++) {
      link.impairments.transmit(withEcn(field), 0);
    }

    // SeenPacket sums the header.
    assertThat(seen).hasSize(3).allMatch(packet -> packet.ip().ecn() == 3);
    assertThat(seen).allMatch(packet -> packet.ip().dscp() == 10);
    assertThat(link.counts().marked()).isEqualTo(3);
    assertThat(link.counts().lost(LossCause.RANDOM)).isEqualTo(1);
  }

  @Test
  void shouldMarkIpv6Too() {
    Frame frame = Frame.allocate(100);
    frame.reset(Frame.HEADROOM, 62);
    new EthernetView().wrap(frame.buffer(), frame.start(), 62).set(1, 2, EtherType.IPV6);
    Ipv6View ip =
        new Ipv6View()
            .wrap(frame.buffer(), frame.start() + EthernetView.HEADER_LENGTH, 48)
            .setTraffic(0b10_10_01, 0xabcde)
            .setPayloadLength(8)
            .setNextHeader(IpProtocol.UDP);
    ImpairedLink link = ImpairedLink.with(new RandomLoss(1), new EcnMarking());
    List<Frame> seen = new ArrayList<>();
    link.seen = lent -> seen.add(lent.copy());
    link.impairments.transmit(frame, 0);

    ip.wrap(seen.getFirst().buffer(), Frame.HEADROOM + EthernetView.HEADER_LENGTH, 48);
    assertThat(ip.trafficClass()).isEqualTo(0b10_10_11);
    assertThat(ip.flowLabel()).isEqualTo(0xabcde);
  }

  @Test
  void shouldPassUncutWhatNoFaultMatches() {
    Frame datagrams = udp(LOCAL, PEER).ports(1, 2).payload(5000).checksumPending().frame();
    datagrams.leaveSegmentation(SegmentType.UDP, 1000);
    ImpairedLink link = new ImpairedLink();
    List<Integer> sizes = new ArrayList<>();
    link.seen = frame -> sizes.add(frame.segmentSize());
    link.impairments.transmit(datagrams, 0);

    assertThat(sizes).containsExactly(1000);
  }
}
