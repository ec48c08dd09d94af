package io.podwire.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.quicktheories.QuickTheory.qt;

import io.podwire.packet.addr.IpAddress;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class Ipv6Test {

  private static final IpAddress HOST = IpAddress.parse("fd01::10");
  private static final IpAddress PEER = IpAddress.parse("fd02::b");

  @Test
  void shouldReadWhatLinuxSent() {
    Ipv6View packet = CapturedFrame.named("icmpv6-echo-request").ipv6();

    assertThat(packet.check()).isEqualTo(Defect.NONE);
    assertThat(packet.version()).isEqualTo(6);
    assertThat(packet.trafficClass()).isZero();
    assertThat(packet.flowLabel()).isEqualTo(0xbd278);
    assertThat(packet.payloadLength()).isEqualTo(24);
    assertThat(packet.nextHeader()).isEqualTo(IpProtocol.ICMPV6);
    assertThat(packet.hopLimit()).isEqualTo(64);
    assertThat(new IpAddress(packet.sourceHigh(), packet.sourceLow())).isEqualTo(HOST);
    assertThat(new IpAddress(packet.destinationHigh(), packet.destinationLow())).isEqualTo(PEER);
    assertThat(packet.payloadOffset()).isEqualTo(packet.offset() + 40);
    assertThat(packet.transportProtocol()).isEqualTo(IpProtocol.ICMPV6);
    assertThat(packet.transportOffset()).isEqualTo(packet.offset() + 40);
    assertThat(packet.transportLength()).isEqualTo(24);
    assertThat(packet.isFragment()).isFalse();
  }

  @Test
  void shouldWalkOverTheHopByHopHeaderThatLinuxSent() {
    CapturedFrame frame = CapturedFrame.named("mld-report");
    Ipv6View packet = frame.ipv6();

    assertThat(packet.check()).isEqualTo(Defect.NONE);
    assertThat(packet.nextHeader()).isEqualTo(IpProtocol.HOP_BY_HOP);
    assertThat(packet.transportProtocol()).isEqualTo(IpProtocol.ICMPV6);
    assertThat(packet.transportOffset()).isEqualTo(packet.offset() + 48);
    assertThat(packet.transportLength()).isEqualTo(48);
    assertThat(frame.icmpv6().isIntact(packet.pseudoHeader())).isTrue();
  }

  @Test
  void shouldWalkOverEveryKindOfExtensionHeader() {
    Ipv6View packet =
        packet(
            IpProtocol.HOP_BY_HOP,
            "2b00000000000000" // routing next
                + "3c01000000000000 0000000000000000" // destination options next, 16 octets
                + "8700000000000000" // mobility next
                + "3300000000000000" // authentication next
                + "2c01000000000000 00000000" // fragment next, 12 octets
                + "1100000012345678" // UDP next, whole
                + "0001000200080000");

    assertThat(packet.check()).isEqualTo(Defect.NONE);
    assertThat(packet.transportProtocol()).isEqualTo(IpProtocol.UDP);
    assertThat(packet.transportLength()).isEqualTo(8);
    assertThat(packet.isFragment()).isFalse();
  }

  @Test
  void shouldReadTheFirstFragmentsTransport() {
    Ipv6View packet = packet(IpProtocol.FRAGMENT, "1100000112345678 0001000200080000");

    assertThat(packet.isFragment()).isTrue();
    assertThat(packet.fragmentOffset()).isZero();
    assertThat(packet.transportProtocol()).isEqualTo(IpProtocol.UDP);
  }

  @Test
  void shouldNotTakeTheMiddleOfADatagramForAHeader() {
    // Destination options would be next, but at offset 1448 these octets are anything.
    Ipv6View packet = packet(IpProtocol.FRAGMENT, "3c0005a812345678 ffffffffffffffff");

    assertThat(packet.check()).isEqualTo(Defect.NONE);
    assertThat(packet.isFragment()).isTrue();
    assertThat(packet.fragmentOffset()).isEqualTo(1448);
    assertThat(packet.transportProtocol()).isEqualTo(IpProtocol.DESTINATION_OPTIONS);
    assertThat(packet.transportLength()).isEqualTo(8);
  }

  @Test
  void shouldNameEachDefect() {
    Ipv6View packet = CapturedFrame.named("udp-ipv6").ipv6();
    packet.put8(0, 0x45);
    assertThat(packet.check()).isEqualTo(Defect.BAD_VERSION);

    packet = CapturedFrame.named("udp-ipv6").ipv6();
    packet.setPayloadLength(packet.payloadLength() + 1);
    assertThat(packet.check()).isEqualTo(Defect.TRUNCATED);
    assertThat(packet.checkQuoted()).isEqualTo(Defect.NONE);

    packet = packet(IpProtocol.HOP_BY_HOP, "1101000000000000");
    assertThat(packet.check()).isEqualTo(Defect.BAD_HEADER_LENGTH);
    assertThat(packet.checkQuoted()).isEqualTo(Defect.TRUNCATED);
    assertThat(packet.transportOffset()).isEqualTo(-1);
  }

  @Test
  void shouldKeepEveryHeaderThroughItsBytes() {
    qt().forAll(in ->
            new Ipv6Header(
                RoundTrip.bits(in, 8),
                RoundTrip.bits(in, 20),
                RoundTrip.bits(in, 10),
                IpProtocol.UDP,
                RoundTrip.bits(in, 8),
                RoundTrip.IPV6.generate(in),
                RoundTrip.IPV6.generate(in)))
        .check(header -> {
          ByteBuffer buffer = RoundTrip.dirtyBuffer(1100);
          int length = header.emit(buffer, 7) + header.payloadLength();
          Ipv6View view = new Ipv6View().wrap(buffer, 7, length);
          return view.check() == Defect.NONE && Ipv6Header.parse(view).equals(header);
        });
  }

  @Test
  void shouldRefuseWhatAHeaderCannotHold() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Ipv6Header(0, 1 << 20, 0, 17, 64, HOST, PEER))
        .withMessage("flow label must be 0-1048575, got 1048576");
  }

  private static Ipv6View packet(int nextHeader, String payload) {
    byte[] bytes = Octets.ofHex(payload.replace(" ", "")).toBytes();
    ByteBuffer buffer = RoundTrip.dirtyBuffer(40 + bytes.length);
    Ipv6Header.of(HOST, PEER, nextHeader, bytes.length).emit(buffer, 0);
    buffer.put(40, bytes);
    return new Ipv6View().wrap(buffer, 0, buffer.capacity());
  }
}
