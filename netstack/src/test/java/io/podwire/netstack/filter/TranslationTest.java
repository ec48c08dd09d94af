package io.podwire.netstack.filter;

import static io.podwire.netstack.wire.PacketBuilder.tcp;
import static io.podwire.netstack.wire.PacketBuilder.udp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;

import io.podwire.netstack.link.Frame;
import io.podwire.netstack.wire.PacketBuilder;
import io.podwire.netstack.wire.SeenPacket;
import io.podwire.packet.EthernetView;
import io.podwire.packet.addr.IpAddress;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Translated packets, whose every checksum is summed in full when they are seen. */
class TranslationTest {

  private final Translation translation = new Translation();
  private final Packet packet = new Packet(Frame.allocate(0));

  private SeenPacket translated(
      PacketBuilder builder, IpAddress to, int toPort, IpAddress from, int port) {
    Frame frame = builder.frame();
    assertThat(packet.parse(frame, frame.start() + EthernetView.HEADER_LENGTH)).isNull();
    packet.connection = new Connection(packet.key(), 0);
    packet.connection.translateDestination(to, toPort);
    packet.connection.translateSource(from, port);
    assertThat(translation.destination(packet, 0)).isEqualTo(Verdict.ACCEPT);
    assertThat(translation.source(packet, 0)).isEqualTo(Verdict.ACCEPT);
    return SeenPacket.of(frame);
  }

  @Test
  void shouldKeepChecksumsRightWhateverIsTranslated() {
    qt().withExamples(3000)
        .forAll(
            integers().all(), integers().all(), integers().all(), integers().between(0, 1 << 20))
        .checkAssert((client, service, backend, bits) -> {
          String from = IpAddress.ofIpv4(client).toString();
          String to = IpAddress.ofIpv4(service).toString();
          int port = bits & 0xffff;
          PacketBuilder builder = (bits >>> 16 & 1) == 0 ? udp(from, to) : tcp(from, to);
          builder.ports(port ^ 0x5555, 80).payload(bits >>> 17 & 7);
          if ((bits >>> 19 & 1) == 1) {
            builder.checksumPending();
          }
          IpAddress target = IpAddress.ofIpv4(backend);
          IpAddress node = IpAddress.ofIpv4(client ^ backend);
          SeenPacket seen = translated(builder, target, port, node, port ^ 0xffff);
          assertThat(seen.destination()).isEqualTo(target.toString());
          assertThat(seen.source()).isEqualTo(node.toString());
          assertThat(seen.destinationPort()).isEqualTo(port);
          assertThat(seen.sourcePort()).isEqualTo(port ^ 0xffff);
        });
  }

  @Test
  void shouldNeverMakeAUdpChecksumZero() {
    // Every port once: for one of them the sum comes out as zero.
    int full = 0;
    for (int port = 0; port <= 0xffff; port++) {
      SeenPacket seen =
          translated(
              udp("10.0.0.1", "10.0.0.2").ports(1, 2),
              IpAddress.parse("10.0.0.3"),
              port,
              IpAddress.parse("10.0.0.4"),
              9);
      assertThat(seen.udp().checksum()).as("for port %d", port).isNotZero();
      full += seen.udp().checksum() == 0xffff ? 1 : 0;
    }
    assertThat(full).isPositive();
  }

  @Test
  void shouldKeepAUdpChecksumOfZero() {
    SeenPacket seen =
        translated(
            udp("10.0.0.1", "10.0.0.2").ports(1, 2).withoutChecksum(),
            IpAddress.parse("10.0.0.3"),
            4,
            IpAddress.parse("10.0.0.5"),
            6);
    assertThat(seen.udp().checksum()).isZero();
    assertThat(seen.sourcePort()).isEqualTo(6);
  }

  @Test
  void shouldTranslateAnswersBackToWhatWasSent() {
    qt().forAll(integers().all(), integers().all(), integers().between(1, 65_535))
        .checkAssert((client, backend, port) -> {
          String from = IpAddress.ofIpv4(client).toString();
          SeenPacket there =
              translated(
                  udp(from, "10.96.0.1").ports(port, 53).payload(3),
                  IpAddress.ofIpv4(backend),
                  5353,
                  IpAddress.ofIpv4(~backend),
                  port ^ 0x1111);
          Connection connection = Objects.requireNonNull(packet.connection());
          Frame frame = PacketBuilder.answerTo(there).frame();
          assertThat(packet.parse(frame, frame.start() + EthernetView.HEADER_LENGTH)).isNull();
          assertThat(packet.key()).isEqualTo(connection.answer());
          packet.connection = connection;
          packet.reply = true;
          translation.destination(packet, 0);
          translation.source(packet, 0);
          SeenPacket back = SeenPacket.of(frame);
          assertThat(back.source()).isEqualTo("10.96.0.1");
          assertThat(back.destination()).isEqualTo(from);
          assertThat(back.sourcePort()).isEqualTo(53);
          assertThat(back.destinationPort()).isEqualTo(port);
        });
  }
}
