package io.podwire.testkit.assertion;

import static io.podwire.packet.TcpFlags.ACK;
import static io.podwire.packet.TcpFlags.RST;
import static io.podwire.packet.TcpFlags.SYN;
import static io.podwire.testkit.assertion.PacketPattern.packet;
import static io.podwire.testkit.assertion.PacketPattern.tcp;
import static io.podwire.testkit.assertion.PacketPattern.udp;
import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.packet.EtherType;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.Octets;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.pcap.PcapngWriter.Way;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PacketPatternTest {
  private static final Addressed CLIENT = addressed("client", "10.244.1.2");
  private static final Addressed WEB = addressed("web", "10.96.1.1");

  private static final CapturedPacket SYN_PACKET = segment("10.244.1.2", "10.96.1.1", SYN, "", "");
  private static final CapturedPacket RST_PACKET =
      segment("10.96.1.1", "10.244.1.2", RST | ACK, "", "");
  private static final CapturedPacket GET_PACKET =
      segment("10.244.1.2", "10.96.1.1", ACK, "GET / HTTP/1.1", "dropped: random loss");

  @Test
  void shouldFitWhereEveryConditionHolds() {
    assertThat(tcp().from(CLIENT).to(WEB).flags(SYN)).accepts(SYN_PACKET).rejects(RST_PACKET);
    assertThat(tcp().from(WEB).flags(RST)).accepts(RST_PACKET).rejects(SYN_PACKET);
    assertThat(tcp().onlyFlags(RST)).rejects(RST_PACKET);
    assertThat(udp()).rejects(SYN_PACKET);
    assertThat(packet()).accepts(SYN_PACKET, RST_PACKET, GET_PACKET);
  }

  @Test
  void shouldLookIntoPayloadAndFate() {
    assertThat(tcp().containing("GET /")).accepts(GET_PACKET).rejects(SYN_PACKET);
    assertThat(tcp().dropped()).accepts(GET_PACKET).rejects(SYN_PACKET);
    assertThat(tcp().passed().toPort(80)).accepts(SYN_PACKET).rejects(GET_PACKET);
  }

  @Test
  void shouldShowWhatIsNearestAndWhatItLacks() {
    PacketPattern pattern = tcp().from(WEB).to(CLIENT).flags(SYN);

    String text = NearestPackets.text(pattern, List.of(SYN_PACKET, RST_PACKET));

    assertThat(text)
        .contains("nearest of 2 captured")
        .contains("10.96.1.1:80 > 10.244.1.2:80 TCP RST,ACK length 54   not: flags SYN")
        .contains("not: from web (10.96.1.1), to client (10.244.1.2)");
  }

  @Test
  void shouldSayThatNothingWasCaptured() {
    assertThat(NearestPackets.text(tcp(), List.of())).contains("nothing was captured");
  }

  private static Addressed addressed(String name, String address) {
    return new Addressed() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public Set<IpAddress> addresses() {
        return Set.of(IpAddress.parse(address));
      }
    };
  }

  private static CapturedPacket segment(
      String from, String to, int flags, String payload, String comment) {
    return new CapturedPacket(
        Instant.EPOCH,
        Way.OUTBOUND,
        EtherType.IPV4,
        IpProtocol.TCP,
        IpAddress.parse(from),
        IpAddress.parse(to),
        80,
        80,
        flags,
        54,
        comment,
        Octets.of(payload.getBytes(StandardCharsets.ISO_8859_1)));
  }
}
