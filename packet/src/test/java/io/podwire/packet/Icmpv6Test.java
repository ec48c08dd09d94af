package io.podwire.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class Icmpv6Test {

  @Test
  void shouldReadTheEchoThatLinuxSent() {
    CapturedFrame frame = CapturedFrame.named("icmpv6-echo-request");
    Icmpv6View echo = frame.icmpv6();

    assertThat(echo.check()).isEqualTo(Defect.NONE);
    assertThat(echo.type()).isEqualTo(Icmpv6Type.ECHO_REQUEST);
    assertThat(echo.code()).isZero();
    assertThat(echo.identifier()).isEqualTo(25900);
    assertThat(echo.sequence()).isEqualTo(1);
    assertThat(echo.isEcho()).isTrue();
    assertThat(echo.isError()).isFalse();
    assertThat(echo.isDiscovery()).isFalse();
    assertThat(echo.bodyLength()).isEqualTo(16);
    assertThat(echo.isIntact(frame.ipv6().pseudoHeader())).isTrue();
  }

  @Test
  void shouldReadTheErrorsThatLinuxSent() {
    CapturedFrame frame = CapturedFrame.named("icmpv6-packet-too-big");
    Icmpv6View tooBig = frame.icmpv6();

    assertThat(tooBig.check()).isEqualTo(Defect.NONE);
    assertThat(tooBig.isIntact(frame.ipv6().pseudoHeader())).isTrue();
    assertThat(tooBig.isError()).isTrue();
    assertThat(tooBig.type()).isEqualTo(Icmpv6Type.PACKET_TOO_BIG);
    assertThat(tooBig.mtu()).isEqualTo(1400);
    Ipv6View quoted = new Ipv6View().wrap(frame.buffer(), tooBig.bodyOffset(), tooBig.bodyLength());
    assertThat(quoted.check()).isEqualTo(Defect.TRUNCATED);
    assertThat(quoted.checkQuoted()).isEqualTo(Defect.NONE);
    assertThat(quoted.transportProtocol()).isEqualTo(IpProtocol.ICMPV6);
  }

  @Test
  void shouldCapAnMtuThatNoIntHolds() {
    Icmpv6View tooBig = CapturedFrame.named("icmpv6-packet-too-big").icmpv6().setRest(-1);

    assertThat(tooBig.mtu()).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void shouldWriteWhatLinuxSent() {
    for (String name :
        List.of(
            "icmpv6-echo-request",
            "icmpv6-packet-too-big",
            "icmpv6-time-exceeded",
            "icmpv6-port-unreachable")) {
      CapturedFrame frame = CapturedFrame.named(name);
      Icmpv6View sent = frame.icmpv6();
      Icmpv6Message message = Icmpv6Message.parse(sent);
      ByteBuffer buffer = RoundTrip.dirtyBuffer(message.length());
      message.emit(buffer, 0, frame.ipv6().pseudoHeader());
      assertThat(RoundTrip.all(buffer))
          .as(name)
          .isEqualTo(Octets.copyOf(sent.buffer(), sent.offset(), sent.length()));
    }
  }

  @Test
  void shouldBuildTheMessagesThatLinuxSent() {
    Icmpv6Message tooBig = parsed("icmpv6-packet-too-big");
    Icmpv6Message expired = parsed("icmpv6-time-exceeded");
    Icmpv6Message closed = parsed("icmpv6-port-unreachable");
    Icmpv6Message request = parsed("icmpv6-echo-request");

    assertThat(Icmpv6Message.packetTooBig(1400, tooBig.body())).isEqualTo(tooBig);
    assertThat(Icmpv6Message.timeExceeded(expired.body())).isEqualTo(expired);
    assertThat(Icmpv6Message.unreachable(Icmpv6Type.PORT_UNREACHABLE, closed.body()))
        .isEqualTo(closed);
    assertThat(Icmpv6Message.echoRequest(25900, 1, request.body())).isEqualTo(request);
    assertThat(request.echoReply().type()).isEqualTo(Icmpv6Type.ECHO_REPLY);
  }

  @Test
  void shouldNoticeAnotherAddressInThePseudoHeader() {
    CapturedFrame frame = CapturedFrame.named("icmpv6-echo-request");
    Ipv6View packet = frame.ipv6();
    Icmpv6View echo = frame.icmpv6();
    long before = packet.pseudoHeader();
    int checksum =
        Checksum.updateAddress(
            echo.checksum(), packet.sourceHigh(), packet.sourceLow(), packet.sourceHigh(), 0x99);

    packet.setSource(packet.sourceHigh(), 0x99);

    assertThat(packet.pseudoHeader()).isNotEqualTo(before);
    assertThat(echo.isIntact(packet.pseudoHeader())).isFalse();
    assertThat(echo.setChecksum(checksum).isIntact(packet.pseudoHeader())).isTrue();
  }

  @Test
  void shouldKeepEveryMessageThroughItsBytes() {
    qt().forAll(in ->
            new Icmpv6Message(
                RoundTrip.bits(in, 7),
                RoundTrip.bits(in, 8),
                RoundTrip.anyInt(in),
                RoundTrip.octets(in, 50, 1)))
        .check(message -> {
          ByteBuffer buffer = RoundTrip.dirtyBuffer(64);
          int length = message.emit(buffer, 5, 4711);
          Icmpv6View view = new Icmpv6View().wrap(buffer, 5, length);
          return view.check() == Defect.NONE
              && view.isIntact(4711)
              && Icmpv6Message.parse(view).equals(message);
        });
  }

  private static Icmpv6Message parsed(String name) {
    return Icmpv6Message.parse(CapturedFrame.named(name).icmpv6());
  }
}
