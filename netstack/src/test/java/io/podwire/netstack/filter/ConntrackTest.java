package io.podwire.netstack.filter;

import static io.podwire.netstack.wire.PacketBuilder.ip;
import static io.podwire.netstack.wire.PacketBuilder.ping;
import static io.podwire.netstack.wire.PacketBuilder.pong;
import static io.podwire.netstack.wire.PacketBuilder.tcp;
import static io.podwire.netstack.wire.PacketBuilder.udp;
import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.netstack.link.DropReason;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.wire.PacketBuilder;
import io.podwire.packet.EthernetView;
import io.podwire.packet.TcpFlags;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConntrackTest {

  private static final long SEED = 7;
  private static final String A = "10.0.0.1";
  private static final String B = "10.0.0.2";
  private static final int ACK = TcpFlags.ACK;
  private static final int FIN = TcpFlags.FIN | TcpFlags.ACK;
  private static final int SYN_ACK = TcpFlags.SYN | TcpFlags.ACK;

  private final Packet packet = new Packet(Frame.allocate(0));
  private long now = 5_000_000;
  private Conntrack conntrack = new Conntrack(100, SEED, now);

  private Verdict pass(PacketBuilder builder) {
    Frame frame = builder.frame();
    assertThat(packet.parse(frame, frame.start() + EthernetView.HEADER_LENGTH)).isNull();
    Verdict verdict = conntrack.track(packet, now);
    return verdict == Verdict.ACCEPT ? conntrack.confirm(packet, now) : verdict;
  }

  private Connection connection(PacketBuilder builder) {
    assertThat(pass(builder)).isEqualTo(Verdict.ACCEPT);
    return Objects.requireNonNull(packet.connection());
  }

  private static PacketBuilder there(int flags) {
    return tcp(A, B).ports(4000, 80).flags(flags);
  }

  private static PacketBuilder back(int flags) {
    return tcp(B, A).ports(80, 4000).flags(flags);
  }

  /** Whether what is tracked lasts exactly so long from now. */
  private void expectTimeout(long seconds) {
    int size = conntrack.size();
    assertThat(size).isPositive();
    now += seconds * 1000 - 1;
    conntrack.age(now);
    assertThat(conntrack.size()).as("just before its time").isEqualTo(size);
    now += 2000;
    conntrack.age(now);
    assertThat(conntrack.size()).as("after its time").isZero();
  }

  private void open() {
    pass(there(TcpFlags.SYN));
    pass(back(SYN_ACK));
    pass(there(ACK));
  }

  @Test
  void shouldTimeOutASynWithoutAnswer() {
    assertThat(connection(there(TcpFlags.SYN)).tcpState()).isEqualTo(TcpState.SYN_SENT);
    expectTimeout(120);
  }

  @Test
  void shouldTimeOutAHalfOpenConnection() {
    pass(there(TcpFlags.SYN));
    assertThat(connection(back(SYN_ACK)).tcpState()).isEqualTo(TcpState.SYN_RECEIVED);
    assertThat(packet.isReply()).isTrue();
    expectTimeout(60);
  }

  @Test
  void shouldKeepAnEstablishedConnectionForFiveDays() {
    open();
    assertThat(connection(there(ACK)).tcpState()).isEqualTo(TcpState.ESTABLISHED);
    expectTimeout(432_000);
  }

  @Test
  void shouldKeepAConnectionPickedUpInTheMiddleForFiveMinutesUntilBothSidesAreHeard() {
    assertThat(connection(there(ACK)).tcpState()).isEqualTo(TcpState.ESTABLISHED);
    expectTimeout(300);
    pass(there(ACK));
    pass(back(ACK));
    expectTimeout(432_000);
  }

  @Test
  void shouldTimeOutEachStepOfAClose() {
    open();
    assertThat(connection(there(FIN)).tcpState()).isEqualTo(TcpState.FIN_WAIT);
    expectTimeout(120);

    open();
    pass(there(FIN));
    assertThat(connection(back(ACK)).tcpState()).isEqualTo(TcpState.CLOSE_WAIT);
    expectTimeout(60);

    open();
    pass(there(FIN));
    assertThat(connection(back(FIN)).tcpState()).isEqualTo(TcpState.LAST_ACK);
    expectTimeout(30);

    open();
    pass(there(FIN));
    pass(back(FIN));
    assertThat(connection(there(ACK)).tcpState()).isEqualTo(TcpState.TIME_WAIT);
    expectTimeout(120);

    open();
    assertThat(connection(back(TcpFlags.RST | ACK)).tcpState()).isEqualTo(TcpState.CLOSE);
    expectTimeout(10);
  }

  @Test
  void shouldNotKeepAConnectionAliveWithSegmentsOutOfPlace() {
    open();
    pass(there(FIN));
    pass(back(FIN));
    for (int i = 0; i < 29; i++) {
      now += 1000;
      assertThat(pass(there(TcpFlags.SYN))).isEqualTo(Verdict.ACCEPT);
      conntrack.age(now);
    }
    expectTimeout(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {TcpFlags.RST, FIN, SYN_ACK})
  void shouldNotBeginATcpConnectionInTheWrongPlace(int flags) {
    assertThat(pass(there(flags))).isEqualTo(Verdict.ACCEPT);
    assertThat(packet.connection()).isNull();
    assertThat(conntrack.size()).isZero();
  }

  @Test
  void shouldTimeOutUdpByWhetherItIsAnsweredAndForHowLong() {
    pass(udp(A, B).ports(1, 2));
    expectTimeout(30);

    pass(udp(A, B).ports(1, 2));
    pass(udp(B, A).ports(2, 1));
    expectTimeout(30);

    pass(udp(A, B).ports(1, 2));
    now += 2000;
    pass(udp(B, A).ports(2, 1));
    expectTimeout(120);
  }

  @Test
  void shouldTimeOutEchoesAndOtherProtocols() {
    pass(ping(A, B, 7));
    expectTimeout(30);
    pass(ip(47, A, B).payload("gre"));
    expectTimeout(600);
  }

  @Test
  void shouldBeginEchoesWithRequestsOnly() {
    pass(pong(A, B, 7));
    assertThat(packet.connection()).isNull();
    Connection echo = connection(ping(A, B, 7));
    assertThat(connection(pong(B, A, 7))).isSameAs(echo);
    assertThat(packet.isReply()).isTrue();
    assertThat(connection(ping(B, A, 7))).as("the other way is another one").isNotSameAs(echo);
  }

  @Test
  void shouldStartAgainWhereTheOldConnectionHasExpiredUnswept() {
    Connection first = connection(udp(A, B).ports(1, 2));
    now += 30_000;
    Connection second = connection(udp(A, B).ports(1, 2));

    assertThat(second).isNotSameAs(first);
    assertThat(conntrack.size()).isEqualTo(1);
  }

  @Test
  void shouldStartAgainWithASynAfterTimeWaitAndClose() {
    open();
    pass(there(FIN));
    pass(back(FIN));
    Connection first = connection(there(ACK));
    assertThat(connection(back(TcpFlags.SYN))).as("the server may not").isSameAs(first);
    Connection second = connection(there(TcpFlags.SYN));
    assertThat(second).isNotSameAs(first);
    assertThat(connection(there(TcpFlags.RST))).isSameAs(second);
    assertThat(connection(there(TcpFlags.SYN))).isNotSameAs(second);
    assertThat(conntrack.size()).isEqualTo(1);
  }

  @Test
  void shouldNotStartAgainWhileTheConnectionLives() {
    open();
    Connection first = connection(there(ACK));
    assertThat(connection(there(TcpFlags.SYN))).isSameAs(first);
    assertThat(first.tcpState()).isEqualTo(TcpState.ESTABLISHED);
  }

  @Test
  void shouldGiveUpTheOldestUnansweredConnectionWhenFull() {
    for (int port = 0; port < 100; port++) {
      pass(udp(A, B).ports(1000 + port, 2));
      if (port < 10) {
        pass(udp(B, A).ports(2, 1000 + port));
      }
    }
    assertThat(conntrack.size()).isEqualTo(100);
    assertThat(pass(udp(A, B).ports(5000, 2))).isEqualTo(Verdict.ACCEPT);
    assertThat(conntrack.size()).isEqualTo(100);

    assertThat(isKnown(1009)).as("answered").isTrue();
    assertThat(isKnown(1010)).as("the oldest unanswered").isFalse();
    assertThat(isKnown(1011)).isTrue();
  }

  private boolean isKnown(int port) {
    return conntrack.connections().stream().anyMatch(c -> c.original().sourcePort() == port);
  }

  @Test
  void shouldDropNewConnectionsWhenFullOfAnsweredOnes() {
    for (int port = 0; port < 100; port++) {
      pass(udp(A, B).ports(1000 + port, 2));
      pass(udp(B, A).ports(2, 1000 + port));
    }
    assertThat(pass(udp(A, B).ports(5000, 2))).isEqualTo(Verdict.DROP);
    assertThat(packet.dropReason()).isEqualTo(DropReason.CONNTRACK_FULL);
    assertThat(pass(udp(A, B).ports(1000, 2))).isEqualTo(Verdict.ACCEPT);

    now += 121_000;
    conntrack.age(now);
    assertThat(pass(udp(A, B).ports(5000, 2))).isEqualTo(Verdict.ACCEPT);
    assertThat(conntrack.size()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(longs = {1000, 7000, 511_000, 512_000, 513_000, 600_000, 100_000_000})
  void shouldAgeAfterJumpsOfAnyLength(long jump) {
    pass(ip(47, A, B).payload("600 s"));
    pass(udp(A, B).ports(1, 2));
    open();
    long start = now;
    for (int i = 0; i < 700 && conntrack.size() > 0; i++) {
      now += jump;
      conntrack.age(now);
      long passed = now - start;
      int wanted = (passed < 30_000 ? 1 : 0) + (passed < 600_000 ? 1 : 0);
      // A slot is looked at a second after it is due at the latest.
      if (passed % 30_000 > 1000) {
        assertThat(conntrack.size()).isEqualTo(wanted + (passed < 432_000_000L ? 1 : 0));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-9_000_000_000L, -1, 0, 1L << 50})
  void shouldWorkWithAnyClock(long start) {
    now = start;
    conntrack = new Conntrack(100, SEED, now);
    pass(udp(A, B).ports(1, 2));
    expectTimeout(30);
    open();
    expectTimeout(432_000);
  }

  @Test
  void shouldKeepARefreshedConnectionOnTheWheel() {
    pass(udp(A, B).ports(1, 2));
    for (int second = 0; second < 2000; second++) {
      now += 1000;
      conntrack.age(now);
      if (second % 20 == 0) {
        pass(udp(A, B).ports(1, 2));
      }
      assertThat(conntrack.size()).isEqualTo(1);
    }
    now += 32_000;
    conntrack.age(now);
    assertThat(conntrack.size()).isZero();
  }

  @Test
  void shouldRemoveWhatAPredicateSays() {
    for (int port = 0; port < 10; port++) {
      pass(udp(A, B).ports(1000 + port, 2));
    }
    assertThat(conntrack.removeIf(c -> c.original().sourcePort() % 2 == 0)).isEqualTo(5);
    assertThat(conntrack.size()).isEqualTo(5);
    assertThat(conntrack.connections()).hasSize(5).doesNotHaveDuplicates();
    assertThat(isKnown(1000)).isFalse();
    // Nothing of them is left on the wheel either.
    now += 40_000;
    conntrack.age(now);
    assertThat(conntrack.size()).isZero();
    pass(udp(A, B).ports(1000, 2));
    assertThat(conntrack.size()).isEqualTo(1);
  }

  @Test
  void shouldNotMixUpPacketsToOneself() {
    pass(udp(A, A).ports(5, 5));
    pass(udp(A, A).ports(5, 5));
    assertThat(conntrack.size()).isEqualTo(1);
    expectTimeout(30);
  }

  @Test
  void shouldAgeAFewAtATimeAndNeverShowWhatHasExpired() {
    conntrack = new Conntrack(20_000, SEED, now);
    for (int port = 0; port < 20_000; port++) {
      pass(udp(A, B).ports(port, 2));
    }
    now += 32_000;
    conntrack.age(now);
    assertThat(conntrack.size()).as("a part of those that ended at once").isBetween(1, 19_000);
    for (int port = 0; port < 20_000; port += 997) {
      assertThat(connection(udp(A, B).ports(port, 2)).beganMillis).isEqualTo(now);
    }
    for (int tick = 0; tick < 10; tick++) {
      conntrack.age(now);
    }
    assertThat(conntrack.size()).isEqualTo(21);
  }

  @Test
  void shouldMakeRoomOfWhatHasExpiredUnsweptBeforeItGivesUpAnything() {
    for (int port = 0; port < 100; port++) {
      pass(udp(A, B).ports(1000 + port, 2));
      pass(udp(B, A).ports(2, 1000 + port));
    }
    now += 32_000;
    for (int port = 0; port < 100; port++) {
      assertThat(pass(udp(A, B).ports(3000 + port, 2))).isEqualTo(Verdict.ACCEPT);
    }
    assertThat(conntrack.evictions()).isZero();
    assertThat(conntrack.size()).isEqualTo(100);
    pass(udp(A, B).ports(5000, 2));
    assertThat(conntrack.evictions()).isEqualTo(1);
  }

  @Test
  void shouldTellThatAConnectionIsNoLongerAlive() {
    Connection removed = connection(udp(A, B).ports(1, 2));
    Connection kept = connection(udp(A, B).ports(2, 2));
    conntrack.removeIf(c -> c == removed);
    assertThat(removed.isAlive()).isFalse();
    assertThat(kept.isAlive()).isTrue();
    now += 32_000;
    conntrack.age(now);
    assertThat(kept.isAlive()).isFalse();
  }
}
