package io.podwire.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.quicktheories.QuickTheory.qt;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class UdpTest {

  @Test
  void shouldReadWhatLinuxSent() {
    CapturedFrame frame = CapturedFrame.named("udp");
    UdpView datagram = frame.udp();

    assertThat(datagram.check()).isEqualTo(Defect.NONE);
    assertThat(datagram.sourcePort()).isEqualTo(58108);
    assertThat(datagram.destinationPort()).isEqualTo(9);
    assertThat(datagram.datagramLength()).isEqualTo(15);
    assertThat(datagram.checksum()).isEqualTo(0x6559);
    assertThat(datagram.payloadLength()).isEqualTo(7);
    assertThat(Octets.copyOf(frame.buffer(), datagram.payloadOffset(), datagram.payloadLength()))
        .isEqualTo(Octets.of("podwire".getBytes(StandardCharsets.US_ASCII)));
    assertThat(datagram.isIntact(frame.ipv4().pseudoHeader())).isTrue();
  }

  @Test
  void shouldComputeTheChecksumThatLinuxSent() {
    CapturedFrame frame = CapturedFrame.named("udp-ipv6");
    Ipv6View packet = frame.ipv6();
    UdpView datagram =
        new UdpView().wrap(frame.buffer(), packet.transportOffset(), packet.transportLength());
    int sent = datagram.checksum();

    assertThat(datagram.computeChecksum(packet.pseudoHeader())).isEqualTo(sent);
    assertThat(datagram.checksum()).isEqualTo(sent);
  }

  @Test
  void shouldNoticeAChangedOctetAnywhere() {
    for (int octet = 0; octet < 15; octet++) {
      CapturedFrame frame = CapturedFrame.named("udp");
      UdpView datagram = frame.udp();
      if (octet == 4 || octet == 5) {
        continue; // The length, which decides what is summed.
      }
      datagram.put8(octet, datagram.u8(octet) ^ 0x10);
      assertThat(datagram.isIntact(frame.ipv4().pseudoHeader())).as("octet " + octet).isFalse();
    }
  }

  @Test
  void shouldAcceptADatagramWithoutAChecksum() {
    CapturedFrame frame = CapturedFrame.named("udp");

    assertThat(frame.udp().setChecksum(0).isIntact(frame.ipv4().pseudoHeader())).isTrue();
  }

  @Test
  void shouldWriteAComputedZeroAsAllOnes() {
    ByteBuffer buffer = ByteBuffer.allocate(8);
    new UdpHeader(0xffff - 16, 0, 0).emit(buffer, 0);
    UdpView datagram = new UdpView().wrap(buffer, 0, 8);

    assertThat(datagram.computeChecksum(8)).isEqualTo(0xffff);
    assertThat(datagram.isIntact(8)).isTrue();
  }

  @Test
  void shouldNameEachDefect() {
    UdpView datagram = CapturedFrame.named("udp").udp();
    assertThat(datagram.setDatagramLength(7).check()).isEqualTo(Defect.BAD_TOTAL_LENGTH);
    assertThat(datagram.setDatagramLength(16).check()).isEqualTo(Defect.TRUNCATED);
    assertThat(datagram.checkQuoted()).isEqualTo(Defect.NONE);
    datagram.wrap(datagram.buffer(), datagram.offset(), 7);
    assertThat(datagram.check()).isEqualTo(Defect.TRUNCATED);
    assertThat(datagram.checkQuoted()).isEqualTo(Defect.TRUNCATED);
  }

  @Test
  void shouldKeepEveryHeaderThroughItsBytes() {
    qt().forAll(in ->
            new UdpHeader(RoundTrip.bits(in, 16), RoundTrip.bits(in, 16), RoundTrip.bits(in, 10)))
        .check(header -> {
          ByteBuffer buffer = RoundTrip.dirtyBuffer(1100);
          int length = header.emit(buffer, 1) + header.payloadLength();
          UdpView view = new UdpView().wrap(buffer, 1, length);
          return view.check() == Defect.NONE && UdpHeader.parse(view).equals(header);
        });
  }

  @Test
  void shouldRefuseWhatAHeaderCannotHold() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new UdpHeader(70000, 53, 0))
        .withMessage("UDP source port must be 0-65535, got 70000");
  }
}
