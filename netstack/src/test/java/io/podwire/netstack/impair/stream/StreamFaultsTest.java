package io.podwire.netstack.impair.stream;

import static io.podwire.netstack.impair.stream.TappedLink.CLIENT_FIRST;
import static io.podwire.netstack.impair.stream.TappedLink.MILLI;
import static io.podwire.netstack.impair.stream.TappedLink.SERVER_FIRST;
import static io.podwire.netstack.impair.stream.TappedLink.downstream;
import static io.podwire.netstack.impair.stream.TappedLink.stream;
import static io.podwire.netstack.impair.stream.TappedLink.upstream;
import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.netstack.impair.PacketFilter;
import io.podwire.netstack.impair.PortRange;
import io.podwire.netstack.wire.PacketBuilder;
import io.podwire.netstack.wire.SeenPacket;
import io.podwire.packet.TcpFlags;
import io.podwire.packet.addr.Cidr;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StreamFaultsTest {
  private static final int DATA = TcpFlags.ACK | TcpFlags.PSH;
  private static final int END = TcpFlags.ACK | TcpFlags.FIN;

  private final TappedLink link = new TappedLink();

  private static void isReset(SeenPacket packet, int sequence) {
    assertThat(packet.tcp().flags()).isEqualTo(TcpFlags.RST);
    assertThat(packet.tcp().sequence()).isEqualTo(sequence);
  }

  private static int client(int offset) {
    return CLIENT_FIRST + 1 + offset;
  }

  private static int server(int offset) {
    return SERVER_FIRST + 1 + offset;
  }

  @Test
  void shouldHoldDataInOrderAndNothingElse() {
    RunningStreamFault fault = link.put(upstream(new Toxic.Latency(100 * MILLI, 0)));
    link.open();
    link.clientData(0, 1000);
    link.clientSends(link.client(1000, TcpFlags.ACK));
    link.pass(10 * MILLI);
    link.clientData(1000, 500);
    link.clientSends(link.client(1500, END));
    link.serverSends(link.server(0, 0, DATA).payload(10));

    assertThat(link.toServer).hasSize(1);
    assertThat(link.toClient).hasSize(1);
    assertThat(link.faults.held()).isEqualTo(3);
    assertThat(link.faults.nextRelease()).isEqualTo(link.now + 90 * MILLI);
    link.pass(90 * MILLI);
    assertThat(link.toServer).hasSize(2);
    // The end has no latency of its own, but does not overtake.
    link.pass(10 * MILLI);
    assertThat(link.toServer).hasSize(4);
    assertThat(link.atServer()).isEqualTo(stream(0, 1500));
    assertThat(link.toServer.get(3).tcp().has(TcpFlags.FIN)).isTrue();
    StreamSnapshot snapshot = fault.snapshot();
    assertThat(snapshot.affected()).isEqualTo(Map.of("delayed", 2L));
    assertThat(snapshot.connections()).isOne();
    assertThat(snapshot.achieved().max()).isEqualTo(100 * MILLI);
  }

  @Test
  void shouldJitterWithinItsBoundsAndStayInOrder() {
    link.put(upstream(new Toxic.Latency(100 * MILLI, 50 * MILLI)));
    link.open();
    for (int i = 0; i < 50; i++) {
      link.clientData(i * 100, 100);
    }
    link.pass(50 * MILLI - 1);
    assertThat(link.toServer).isEmpty();
    link.pass(100 * MILLI + 2);
    assertThat(link.toServer).hasSize(50);
    for (int i = 0; i < 50; i++) {
      assertThat(link.toServer.get(i).tcp().sequence()).isEqualTo(client(i * 100));
    }
  }

  @Test
  void shouldNotQueueWhatIsSentAgainWhileItIsHeld() {
    link.put(upstream(new Toxic.Bandwidth(10)));
    link.open();
    link.clientData(0, 1000);
    link.clientData(1000, 1000);
    link.clientData(0, 1000);
    link.clientData(1000, 1000);
    assertThat(link.faults.held()).isEqualTo(2);
    link.pass(100 * MILLI);
    assertThat(link.toServer).hasSize(1);
    link.clientData(0, 1000);
    assertThat(link.faults.held()).isEqualTo(2);
  }

  @Test
  void shouldPaceByThousandsOfOctets() {
    link.put(upstream(new Toxic.Bandwidth(100)));
    link.open();
    for (int i = 0; i < 10; i++) {
      link.clientData(i * 1000, 1000);
    }
    for (int i = 1; i <= 10; i++) {
      link.pass(10 * MILLI - 1);
      assertThat(link.toServer).hasSize(i - 1);
      link.pass(1);
      assertThat(link.toServer).hasSize(i);
    }
    assertThat(link.atServer()).isEqualTo(stream(0, 10_000));
  }

  @Test
  void shouldLetNothingPassAtNoRateAndAllAtTheEnd() {
    link.put(upstream(new Toxic.Bandwidth(0)));
    link.open();
    link.clientData(0, 1000);
    link.clientData(1000, 1000);
    link.pass(3_600_000 * MILLI);
    assertThat(link.toServer).isEmpty();
    link.faults.remove("f", link.now);
    assertThat(link.atServer()).isEqualTo(stream(0, 2000));
    assertThat(link.faults.held()).isZero();
    assertThat(link.faults.nextRelease()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void shouldSliceWithRightSequenceNumbers() {
    RunningStreamFault fault = link.put(upstream(new Toxic.Slicer(100, 50, 2 * MILLI)));
    link.open();
    link.clientSends(
        link.client(0, DATA | TcpFlags.FIN).options(0).payload(stream(0, 1460)).id(900));
    assertThat(link.toServer).hasSize(1);
    link.pass(200 * MILLI);

    assertThat(link.toServer).hasSizeBetween(10, 30);
    assertThat(link.atServer()).isEqualTo(stream(0, 1460));
    int next = client(0);
    for (SeenPacket each : link.toServer) {
      boolean last = each == link.toServer.get(link.toServer.size() - 1);
      assertThat(each.tcp().sequence()).isEqualTo(next);
      assertThat(each.payload().length).isBetween(last ? 1 : 50, 150);
      assertThat(each.tcp().has(TcpFlags.PSH)).isEqualTo(last);
      assertThat(each.tcp().has(TcpFlags.FIN)).isEqualTo(last);
      assertThat(each.tcp().acknowledgment()).isEqualTo(server(0));
      next += each.payload().length;
    }
    assertThat(link.toServer.stream().map(each -> each.ip().identification()).distinct())
        .hasSameSizeAs(link.toServer);
    assertThat(fault.snapshot().affected()).containsKey("sliced");
  }

  @Test
  void shouldCutWhatOffloadingLeftWhole() {
    link.put(upstream(new Toxic.Latency(MILLI, 0)));
    link.open();
    link.clientSends(
        link.client(0, DATA).payload(stream(0, 10_000)).checksumPending().segmentSize(1400));
    link.pass(MILLI);
    assertThat(link.toServer).hasSize(8);
    assertThat(link.atServer()).isEqualTo(stream(0, 10_000));
  }

  @Test
  void shouldHoldTheEndApartFromTheData() {
    RunningStreamFault fault = link.put(upstream(new Toxic.SlowClose(1000 * MILLI)));
    link.open();
    link.clientSends(link.client(0, DATA | TcpFlags.FIN).payload(stream(0, 300)));
    assertThat(link.atServer()).isEqualTo(stream(0, 300));
    assertThat(link.toServer).hasSize(1);
    assertThat(link.toServer.get(0).tcp().has(TcpFlags.FIN)).isFalse();
    link.clientSends(link.client(300, END));
    link.pass(1000 * MILLI - 1);
    assertThat(link.toServer).hasSize(1);
    link.pass(1);
    assertThat(link.toServer).hasSize(2);
    assertThat(link.toServer.get(1).tcp().has(TcpFlags.FIN)).isTrue();
    assertThat(link.toServer.get(1).tcp().sequence()).isEqualTo(client(300));
    assertThat(fault.snapshot().affected()).isEqualTo(Map.of("slowClosed", 1L));
  }

  @Test
  void shouldHangAndThenResetBothEnds() {
    RunningStreamFault fault = link.put(downstream(new Toxic.Timeout(500 * MILLI)));
    link.open();
    link.clientData(0, 700);
    link.serverSends(link.server(0, 700, DATA).payload(400));
    link.serverSends(link.server(0, 700, DATA).payload(400));
    // The client learns that its data came, and nothing more.
    assertThat(link.toClient).hasSize(2).allMatch(each -> each.payload().length == 0);
    assertThat(link.toClient.get(0).tcp().acknowledgment()).isEqualTo(client(700));
    assertThat(link.toClient.get(0).tcp().sequence()).isEqualTo(server(0));
    link.toServer.clear();
    link.toClient.clear();

    link.pass(500 * MILLI);

    assertThat(link.toServer).hasSize(1);
    isReset(link.toServer.get(0), client(700));
    assertThat(link.toClient).hasSize(1);
    isReset(link.toClient.get(0), server(0));
    assertThat(fault.snapshot().affected()).isEqualTo(Map.of("stopped", 2L, "timedOut", 1L));
  }

  @Test
  void shouldHangForEverAndGoOnWithTheNextRetransmission() {
    link.put(upstream(new Toxic.Timeout(0)));
    link.open();
    link.clientData(0, 700);
    link.pass(3_600_000 * MILLI);
    assertThat(link.atServer()).isEmpty();
    link.faults.remove("f", link.now);
    link.clientData(0, 700);
    assertThat(link.atServer()).isEqualTo(stream(0, 700));
  }

  @Test
  void shouldResetSoLongAfterTheFirstDataAndAnswerWhateverComesThen() {
    RunningStreamFault fault =
        link.put(
            upstream(new Toxic.ResetPeer(300 * MILLI)),
            downstream(new Toxic.Latency(1000 * MILLI, 0)));
    link.open();
    link.pass(10_000 * MILLI);
    assertThat(link.toServer).isEmpty();
    assertThat(link.toClient).isEmpty();

    link.clientData(0, 100);
    link.serverSends(link.server(0, 0, DATA).payload(50));
    link.pass(200 * MILLI);
    link.clientData(0, 100);
    link.clientData(100, 100);
    // The server gets none of it, whoever says it again and however often.
    assertThat(link.toServer).allMatch(each -> each.payload().length == 0);
    link.toServer.clear();
    link.pass(100 * MILLI - 1);
    assertThat(link.toServer).isEmpty();
    link.pass(1);

    isReset(link.toServer.get(0), client(0));
    isReset(link.toClient.get(0), server(0));
    assertThat(link.faults.held()).isZero();

    // A challenge acknowledgment (RFC 5961) gets a reset where it says that one is due.
    link.toClient.clear();
    link.toServer.clear();
    link.serverSends(link.server(50, 42, TcpFlags.ACK));
    isReset(link.toServer.get(0), client(42));
    assertThat(link.toClient).isEmpty();
    link.clientSends(link.client(100, DATA).acknowledgment(server(50)).payload(10));
    isReset(link.toClient.get(0), server(50));
    assertThat(fault.snapshot().affected()).containsEntry("reset", 1L);
  }

  @Test
  void shouldResetAtTheFirstDataOfItsStreamAlone() {
    link.put(downstream(new Toxic.ResetPeer(0)));
    link.open();
    link.clientData(0, 100);
    link.pass(1000 * MILLI);
    assertThat(link.atServer()).isEqualTo(stream(0, 100));
    assertThat(link.toClient).isEmpty();
    link.toServer.clear();

    link.serverSends(link.server(0, 100, DATA).payload(50));

    isReset(link.toServer.get(0), client(100));
    isReset(link.toClient.get(link.toClient.size() - 1), server(0));
    assertThat(link.toClient).allMatch(each -> each.payload().length == 0);
  }

  @Test
  void shouldResetWhatIsClosedWithoutData() {
    link.put(upstream(new Toxic.ResetPeer(100 * MILLI)));
    link.open();
    link.clientSends(link.client(0, END));
    assertThat(link.toServer).noneMatch(each -> each.tcp().has(TcpFlags.FIN));
    link.toServer.clear();
    link.pass(100 * MILLI);
    isReset(link.toServer.get(0), client(0));
    isReset(link.toClient.get(0), server(0));
  }

  @Test
  void shouldEndTheStreamAtItsLimitAndResetItsSender() {
    RunningStreamFault fault = link.put(upstream(new Toxic.LimitData(1000)));
    link.open();
    link.clientData(0, 600);
    link.clientData(600, 600);

    assertThat(link.atServer()).isEqualTo(stream(0, 1000));
    SeenPacket last = link.toServer.get(1);
    assertThat(last.tcp().has(TcpFlags.FIN)).isTrue();
    isReset(link.toClient.get(0), server(0));
    link.clientData(1200, 10);
    isReset(link.toClient.get(1), server(0));
    assertThat(link.toServer).hasSize(2);
    // The server's acknowledgment of the end is nobody's; its own end is refused.
    link.serverSends(link.server(0, 1001, TcpFlags.ACK));
    assertThat(link.toServer).hasSize(2);
    link.serverSends(link.server(0, 1001, END));
    isReset(link.toServer.get(2), client(1001));
    assertThat(fault.snapshot().affected()).isEqualTo(Map.of("limited", 1L));
  }

  @Test
  void shouldCloseInPeaceAtExactlyItsLimit() {
    link.put(upstream(new Toxic.LimitData(1000)));
    link.open();
    link.clientData(0, 1000);
    assertThat(link.toServer.get(0).tcp().has(TcpFlags.FIN)).isTrue();
    assertThat(link.toClient).isEmpty();
    link.serverSends(link.server(0, 1001, END));
    // The client has sent no end: its last octet is what is acknowledged.
    assertThat(link.toClient.get(0).tcp().acknowledgment()).isEqualTo(client(1000));
    link.clientSends(link.client(1000, END));
    link.serverSends(link.server(1, 1001, TcpFlags.ACK));
    assertThat(link.toClient.get(1).tcp().acknowledgment()).isEqualTo(client(1001));
  }

  @Test
  void shouldRefuseNewConnectionsAndResetThoseThatAre() {
    RunningStreamFault fault = link.put(upstream(new Toxic.Down()));
    link.clientSends(link.client(-1, TcpFlags.SYN).acknowledgment(0));
    assertThat(link.toServer).isEmpty();
    SeenPacket refusal = link.toClient.get(0);
    assertThat(refusal.tcp().flags()).isEqualTo(TcpFlags.RST | TcpFlags.ACK);
    assertThat(refusal.tcp().acknowledgment()).isEqualTo(client(0));
    assertThat(refusal.tcp().sequence()).isZero();
    assertThat(refusal.sourcePort()).isEqualTo(TappedLink.SERVER_PORT);
    assertThat(refusal.source()).isEqualTo(TappedLink.SERVER);

    TappedLink old = new TappedLink();
    old.put(downstream(new Toxic.Down()));
    old.clientSends(old.client(500, TcpFlags.ACK).acknowledgment(server(70)));
    old.pass(0);
    isReset(old.toClient.get(0), server(70));
    isReset(old.toServer.get(1), client(500));
    assertThat(fault.snapshot().affected()).isEqualTo(Map.of("refused", 1L));
  }

  /** One that was spared too: its ends may come back, and then it is drawn for anew. */
  @Test
  void shouldDrawAnewForTheSameEnds() {
    RunningStreamFault fault = link.put(new Toxic(new Toxic.Down(), Toxic.Side.UPSTREAM, 0));
    link.open();
    link.clientData(0, 10);
    link.open();
    assertThat(fault.snapshot().connections()).isEqualTo(2);
  }

  @Test
  void shouldTakeTheSameEndsForANewConnection() {
    link.put(upstream(new Toxic.ResetPeer(100 * MILLI)));
    link.open();
    link.clientData(0, 10);
    link.toServer.clear();
    link.pass(100 * MILLI);
    assertThat(link.toServer).hasSize(1);
    link.open();
    link.pass(100 * MILLI);
    assertThat(link.toServer).isEmpty();
    link.clientData(0, 10);
    link.toServer.clear();
    link.pass(100 * MILLI);
    isReset(link.toServer.get(0), client(0));
  }

  @Test
  void shouldActOnItsConnectionsAlone() {
    PacketFilter filter =
        new PacketFilter(
            List.of(Cidr.parse("10.244.2.0/24")),
            List.of(),
            PacketFilter.ANY_PROTOCOL,
            List.of(),
            List.of(new PortRange(80, 80)),
            List.of());
    RunningStreamFault fault =
        link.faults.put(
            new StreamFault("f", filter, 1, List.of(upstream(new Toxic.Timeout(0)))), link.now);
    link.open();
    link.clientData(0, 10);
    link.clientSends(
        PacketBuilder.tcp(TappedLink.CLIENT, TappedLink.SERVER)
            .ports(40_000, 81)
            .flags(DATA)
            .payload("other port"));
    link.clientSends(
        PacketBuilder.tcp(TappedLink.CLIENT, "10.244.3.3")
            .ports(40_000, 80)
            .flags(DATA)
            .payload("other peer"));
    link.clientSends(
        PacketBuilder.udp(TappedLink.CLIENT, TappedLink.SERVER).ports(40_000, 80).payload("udp"));
    assertThat(link.toServer.stream().map(each -> each.payload().length))
        .containsExactly(0, 10, 10, 3);
    assertThat(fault.snapshot().connections()).isOne();
  }

  @Test
  void shouldChooseItsShareOfConnectionsBySeed() {
    long[] hashes = new long[2];
    for (int run = 0; run < 2; run++) {
      TappedLink each = new TappedLink();
      RunningStreamFault fault = each.put(new Toxic(new Toxic.Down(), Toxic.Side.UPSTREAM, 0.25));
      for (int port = 1024; port < 3024; port++) {
        each.clientSends(each.client(-1, TcpFlags.SYN).acknowledgment(0).ports(port, 80));
      }
      StreamSnapshot snapshot = fault.snapshot();
      assertThat(snapshot.connections()).isEqualTo(2000);
      assertThat(snapshot.decisions()).isEqualTo(2000);
      // 3.29 standard deviations of 19.4.
      assertThat(snapshot.affected().get("refused")).isBetween(436L, 564L);
      hashes[run] = snapshot.decisionHash();
    }
    assertThat(hashes[0]).isEqualTo(hashes[1]);
  }

  @Test
  void shouldCountALimitBeyondTheSequenceNumbers() {
    link.put(upstream(new Toxic.LimitData(5_000_000_000L)));
    link.open();
    int step = 1 << 30;
    for (int i = 0; i < 4; i++) {
      link.clientData(i * step, 10);
    }
    assertThat(link.toServer).hasSize(4).noneMatch(each -> each.tcp().has(TcpFlags.FIN));
    long left = 5_000_000_000L - 4L * step;
    link.clientData((int) (5_000_000_000L - 5), 10);
    assertThat(left).isPositive();
    SeenPacket last = link.toServer.get(4);
    assertThat(last.payload()).hasSize(5);
    assertThat(last.tcp().has(TcpFlags.FIN)).isTrue();
  }
}
