package io.podwire.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.quicktheories.QuickTheory.qt;

import io.podwire.packet.addr.IpAddress;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.quicktheories.core.Gen;

class Ipv4Test {

  private static final int HOST = IpAddress.parse("10.1.0.10").ipv4Bits();
  private static final int PEER = IpAddress.parse("10.2.0.11").ipv4Bits();

  private static final Gen<Ipv4Header> HEADERS =
      in ->
          new Ipv4Header(
              RoundTrip.bits(in, 6),
              RoundTrip.bits(in, 2),
              RoundTrip.bits(in, 16),
              RoundTrip.flag(in),
              RoundTrip.flag(in),
              RoundTrip.bits(in, 13) << 3,
              RoundTrip.bits(in, 8),
              RoundTrip.bits(in, 8),
              RoundTrip.IPV4.generate(in),
              RoundTrip.IPV4.generate(in),
              RoundTrip.octets(in, 40, 4),
              RoundTrip.bits(in, 10));

  @Test
  void shouldReadWhatLinuxSent() {
    Ipv4View packet = CapturedFrame.named("icmp-echo-request").ipv4();

    assertThat(packet.check()).isEqualTo(Defect.NONE);
    assertThat(packet.version()).isEqualTo(4);
    assertThat(packet.headerLength()).isEqualTo(20);
    assertThat(packet.dscp()).isZero();
    assertThat(packet.ecn()).isZero();
    assertThat(packet.totalLength()).isEqualTo(44);
    assertThat(packet.identification()).isEqualTo(0xdf6e);
    assertThat(packet.dontFragment()).isTrue();
    assertThat(packet.moreFragments()).isFalse();
    assertThat(packet.fragmentOffset()).isZero();
    assertThat(packet.isFragment()).isFalse();
    assertThat(packet.timeToLive()).isEqualTo(64);
    assertThat(packet.protocol()).isEqualTo(IpProtocol.ICMP);
    assertThat(packet.checksum()).isEqualTo(0x474b);
    assertThat(packet.source()).isEqualTo(HOST);
    assertThat(packet.destination()).isEqualTo(PEER);
    assertThat(packet.payloadOffset()).isEqualTo(packet.offset() + 20);
    assertThat(packet.payloadLength()).isEqualTo(24);
  }

  @Test
  void shouldReadAFragment() {
    Ipv4View packet = CapturedFrame.named("ipv4-last-fragment").ipv4();

    assertThat(packet.check()).isEqualTo(Defect.NONE);
    assertThat(packet.isFragment()).isTrue();
    assertThat(packet.moreFragments()).isFalse();
    assertThat(packet.fragmentOffset()).isEqualTo(1480);
  }

  @Test
  void shouldReadTheTrafficClassOfAnIcmpError() {
    // Linux sends errors with precedence "internetwork control".
    assertThat(CapturedFrame.named("icmp-time-exceeded").ipv4().dscp()).isEqualTo(48);
  }

  @Test
  void shouldTolerateOptions() {
    // Router alert (RFC 2113).
    Ipv4Header header =
        new Ipv4Header(
            0,
            0,
            1,
            false,
            false,
            0,
            1,
            IpProtocol.UDP,
            IpAddress.ofIpv4(HOST),
            IpAddress.ofIpv4(PEER),
            Octets.ofHex("94040000"),
            8);
    ByteBuffer buffer = ByteBuffer.allocate(32);
    header.emit(buffer, 0);
    Ipv4View packet = new Ipv4View().wrap(buffer, 0, 32);

    assertThat(packet.check()).isEqualTo(Defect.NONE);
    assertThat(packet.headerLength()).isEqualTo(24);
    assertThat(packet.payloadOffset()).isEqualTo(24);
    assertThat(packet.payloadLength()).isEqualTo(8);
  }

  @Test
  void shouldWriteWhatLinuxSent() {
    CapturedFrame frame = CapturedFrame.named("icmp-fragmentation-needed");
    Ipv4View packet = frame.ipv4();
    ByteBuffer buffer = RoundTrip.dirtyBuffer(20);

    Ipv4Header.parse(packet).emit(buffer, 0);

    assertThat(RoundTrip.all(buffer)).isEqualTo(Octets.copyOf(frame.buffer(), packet.offset(), 20));
  }

  @Test
  void shouldDecrementTheTimeToLiveAsARouterDoes() {
    for (int hops = 255; hops > 0; hops--) {
      Ipv4View packet = CapturedFrame.named("udp").ipv4().setTimeToLive(hops);
      packet.computeChecksum();

      packet.decrementTimeToLive();

      assertThat(packet.timeToLive()).isEqualTo(hops - 1);
      assertThat(packet.protocol()).isEqualTo(IpProtocol.UDP);
      assertThat(packet.check()).as("TTL " + hops).isEqualTo(Defect.NONE);
    }
  }

  @Test
  void shouldNameEachDefect() {
    assertThat(changed(0, 0x65).check()).isEqualTo(Defect.BAD_VERSION);
    assertThat(changed(0, 0x44).check()).isEqualTo(Defect.BAD_HEADER_LENGTH);
    assertThat(changed(3, 19).check()).isEqualTo(Defect.BAD_TOTAL_LENGTH);
    assertThat(changed(3, 45).check()).isEqualTo(Defect.TRUNCATED);
    assertThat(changed(8, 63).check()).isEqualTo(Defect.BAD_CHECKSUM);
  }

  @Test
  void shouldAcceptAQuotationThatIsCutOff() {
    CapturedFrame frame = CapturedFrame.named("icmp-fragmentation-needed");
    IcmpView error = frame.icmp();
    Ipv4View quoted = new Ipv4View().wrap(frame.buffer(), error.bodyOffset(), error.bodyLength());

    assertThat(quoted.check()).isEqualTo(Defect.TRUNCATED);
    assertThat(quoted.checkQuoted()).isEqualTo(Defect.NONE);
    assertThat(quoted.destination()).isEqualTo(PEER);
    assertThat(quoted.totalLength()).isEqualTo(1468);
  }

  @Test
  void shouldIgnorePaddingBehindThePacket() {
    CapturedFrame frame = CapturedFrame.named("udp");
    Ipv4View packet = frame.ipv4();
    ByteBuffer padded = ByteBuffer.allocate(46);
    padded.put(0, frame.buffer(), packet.offset(), packet.length());

    Ipv4View view = new Ipv4View().wrap(padded, 0, 46);

    assertThat(view.check()).isEqualTo(Defect.NONE);
    assertThat(view.payloadLength()).isEqualTo(15);
  }

  @Test
  void shouldKeepEveryHeaderThroughItsBytes() {
    qt().forAll(HEADERS)
        .check(header -> {
          ByteBuffer buffer = RoundTrip.dirtyBuffer(1200);
          int length = header.emit(buffer, 7) + header.payloadLength();
          Ipv4View view = new Ipv4View().wrap(buffer, 7, length);
          return view.check() == Defect.NONE && Ipv4Header.parse(view).equals(header);
        });
  }

  @Test
  void shouldRefuseWhatAHeaderCannotHold() {
    IpAddress host = IpAddress.ofIpv4(HOST);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Ipv4Header.of(host, host, IpProtocol.UDP, 65530))
        .withMessage("IPv4 total length must be 0-65535, got 65550");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Ipv4Header.of(host, IpAddress.parse("fd00::1"), IpProtocol.UDP, 8))
        .withMessageContaining("fd00::1");
  }

  private static Ipv4View changed(int octet, int value) {
    Ipv4View packet = CapturedFrame.named("icmp-echo-request").ipv4();
    packet.put8(octet, value);
    return packet;
  }
}
