package io.podwire.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.quicktheories.QuickTheory.qt;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class IcmpTest {

  @Test
  void shouldReadTheEchoThatLinuxSent() {
    IcmpView echo = CapturedFrame.named("icmp-echo-request").icmp();

    assertThat(echo.check()).isEqualTo(Defect.NONE);
    assertThat(echo.type()).isEqualTo(IcmpType.ECHO_REQUEST);
    assertThat(echo.code()).isZero();
    assertThat(echo.checksum()).isEqualTo(0x52d9);
    assertThat(echo.identifier()).isEqualTo(25899);
    assertThat(echo.sequence()).isEqualTo(1);
    assertThat(echo.isEcho()).isTrue();
    assertThat(echo.isError()).isFalse();
    assertThat(echo.bodyLength()).isEqualTo(16);
  }

  @Test
  void shouldReadTheErrorsThatLinuxSent() {
    IcmpView tooBig = CapturedFrame.named("icmp-fragmentation-needed").icmp();
    assertThat(tooBig.check()).isEqualTo(Defect.NONE);
    assertThat(tooBig.type()).isEqualTo(IcmpType.UNREACHABLE);
    assertThat(tooBig.code()).isEqualTo(IcmpType.FRAGMENTATION_NEEDED);
    assertThat(tooBig.nextHopMtu()).isEqualTo(1400);
    assertThat(tooBig.isError()).isTrue();

    IcmpView expired = CapturedFrame.named("icmp-time-exceeded").icmp();
    assertThat(expired.check()).isEqualTo(Defect.NONE);
    assertThat(expired.type()).isEqualTo(IcmpType.TIME_EXCEEDED);
    assertThat(expired.code()).isEqualTo(IcmpType.IN_TRANSIT);
  }

  @Test
  void shouldReadThePacketThatAnErrorQuotes() {
    CapturedFrame frame = CapturedFrame.named("icmp-port-unreachable");
    IcmpView error = frame.icmp();
    Ipv4View quoted = new Ipv4View().wrap(frame.buffer(), error.bodyOffset(), error.bodyLength());
    UdpView datagram =
        new UdpView().wrap(frame.buffer(), quoted.payloadOffset(), quoted.payloadLength());

    assertThat(error.code()).isEqualTo(IcmpType.PORT_UNREACHABLE);
    assertThat(quoted.checkQuoted()).isEqualTo(Defect.NONE);
    assertThat(datagram.checkQuoted()).isEqualTo(Defect.NONE);
    assertThat(datagram.destinationPort()).isEqualTo(9);
  }

  @Test
  void shouldWriteWhatLinuxSent() {
    for (String name :
        List.of("icmp-echo-request", "icmp-port-unreachable", "icmp-fragmentation-needed")) {
      IcmpView sent = CapturedFrame.named(name).icmp();
      assertThat(emitted(IcmpMessage.parse(sent)))
          .as(name)
          .isEqualTo(Octets.copyOf(sent.buffer(), sent.offset(), sent.length()));
    }
    IcmpMessage request = IcmpMessage.parse(CapturedFrame.named("icmp-echo-request").icmp());
    IcmpMessage reply = IcmpMessage.parse(CapturedFrame.named("icmp-echo-reply").icmp());
    assertThat(request.echoReply()).isEqualTo(reply);
    assertThat(IcmpMessage.echoRequest(25899, 1, request.body())).isEqualTo(request);
  }

  @Test
  void shouldBuildTheErrorsThatLinuxSent() {
    IcmpMessage tooBig = IcmpMessage.parse(CapturedFrame.named("icmp-fragmentation-needed").icmp());
    IcmpMessage expired = IcmpMessage.parse(CapturedFrame.named("icmp-time-exceeded").icmp());
    IcmpMessage closed = IcmpMessage.parse(CapturedFrame.named("icmp-port-unreachable").icmp());

    assertThat(IcmpMessage.fragmentationNeeded(1400, tooBig.body())).isEqualTo(tooBig);
    assertThat(IcmpMessage.timeExceeded(expired.body())).isEqualTo(expired);
    assertThat(IcmpMessage.unreachable(IcmpType.PORT_UNREACHABLE, closed.body())).isEqualTo(closed);
  }

  @Test
  void shouldNameEachDefect() {
    IcmpView echo = CapturedFrame.named("icmp-echo-request").icmp();
    assertThat(echo.setSequence(2).check()).isEqualTo(Defect.BAD_CHECKSUM);
    assertThat(echo.checkQuoted()).isEqualTo(Defect.NONE);
    assertThat(echo.wrap(echo.buffer(), echo.offset(), 7).check()).isEqualTo(Defect.TRUNCATED);
  }

  @Test
  void shouldKeepEveryMessageThroughItsBytes() {
    qt().forAll(in ->
            new IcmpMessage(
                RoundTrip.bits(in, 8),
                RoundTrip.bits(in, 8),
                RoundTrip.anyInt(in),
                RoundTrip.octets(in, 50, 1)))
        .check(message -> {
          ByteBuffer buffer = RoundTrip.dirtyBuffer(64);
          int length = message.emit(buffer, 5);
          IcmpView view = new IcmpView().wrap(buffer, 5, length);
          return view.check() == Defect.NONE && IcmpMessage.parse(view).equals(message);
        });
  }

  @Test
  void shouldRefuseWhatAHeaderCannotHold() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IcmpMessage.echoRequest(0x10000, 0, Octets.EMPTY))
        .withMessage("echo identifier must be 0-65535, got 65536");
  }

  private static Octets emitted(IcmpMessage message) {
    ByteBuffer buffer = RoundTrip.dirtyBuffer(message.length());
    message.emit(buffer, 0);
    return RoundTrip.all(buffer);
  }
}
