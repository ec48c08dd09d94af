package io.podwire.packet.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podwire.packet.EtherType;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.addr.IpAddress;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CaptureFilterTest {

  private static final int SYN = 0x02;

  /** A TCP SYN from 10.244.1.2:40000 to 10.96.0.10:80. */
  private static ByteBuffer frame(int protocol, int fragmentOffset) {
    ByteBuffer frame = ByteBuffer.allocate(54);
    frame.putShort(12, (short) EtherType.IPV4);
    frame.put(14, (byte) 0x45).putShort(16, (short) 40);
    frame.putShort(20, (short) fragmentOffset).put(22, (byte) 64).put(23, (byte) protocol);
    frame.put(26, IpAddress.parse("10.244.1.2").toBytes());
    frame.put(30, IpAddress.parse("10.96.0.10").toBytes());
    frame.putShort(34, (short) 40_000).putShort(36, (short) 80);
    return frame.put(46, (byte) 0x50).put(47, (byte) SYN);
  }

  private static ByteBuffer arp() {
    ByteBuffer frame = ByteBuffer.allocate(42);
    frame.putShort(12, (short) EtherType.ARP);
    frame.putShort(14, (short) 1).putShort(16, (short) EtherType.IPV4);
    frame.put(18, (byte) 6).put(19, (byte) 4).putShort(20, (short) 1);
    frame.put(28, IpAddress.parse("10.244.1.2").toBytes());
    return frame.put(38, IpAddress.parse("10.244.1.1").toBytes());
  }

  private static boolean matches(String expression, ByteBuffer frame) {
    FrameHeaders headers = new FrameHeaders().read(frame, 0, frame.capacity());
    return CaptureFilter.parse(expression).matches(headers);
  }

  @ParameterizedTest
  @CsvSource({
    "'', true",
    "tcp, true",
    "udp, false",
    "ip, true",
    "ip6, false",
    "arp, false",
    "icmp, false",
    "not udp, true",
    "! udp, true",
    "!udp, true",
    "TCP AND PORT 80, true",
    "host 10.96.0.10, true",
    "10.96.0.10, true",
    "src host 10.96.0.10, false",
    "dst 10.96.0.10, true",
    "ip host 10.244.1.2, true",
    "arp host 10.244.1.2, false",
    "src or dst host 10.244.1.2, true",
    "src and dst host 10.244.1.2, false",
    "net 10.96.0.0/12, true",
    "src net 10.96.0.0/12, false",
    "dst net 10.96.0.0/12 and src net 10.244.0.0/16, true",
    "port 80, true",
    "src port 80, false",
    "tcp dst port 80, true",
    "udp port 80, false",
    "port 443 or 80, true",
    "dst port 443 or 40000, false",
    "portrange 79-81, true",
    "tcp portrange 81-90, false",
    "tcp&&port 80||udp, true",
    "udp or tcp and port 443, false",
    "tcp or udp and port 443, false",
    "tcp or (udp and port 443), true",
    "not (tcp and port 80), false",
    "not tcp or port 80, true",
    "not not tcp, true",
    "host fd00::1, false",
    "net fd00::/8, false",
  })
  void shouldMatchAsPcapFilterDoes(String expression, boolean expected) {
    assertThat(matches(expression, frame(IpProtocol.TCP, 0))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tcp 80 port | filter \"tcp 80 port\": \"80\" follows without and or or; known are .* at"
            + " character 5",
        "prot 80 | .*\"prot\" is neither an IP address nor a keyword; known are host, net, port.*"
            + " at character 1",
        "host web | .*\"web\" is neither an IP address nor a keyword; .* at character 6",
        "net 10.0.0.0/33 | .*\"10.0.0.0/33\" is no network such as 10.244.0.0/16 .* at character 5",
        "port 65536 | .*\"65536\" is no port, 0-65535, at character 6",
        "port http | .*\"http\" is no port, 0-65535, at character 6",
        "portrange 80 | .*\"80\" is no range of ports such as 8000-8080, at character 11",
        "portrange 81-80 | .*the range of ports 81-80 ends before it begins, at character 11",
        "tcp and | .*a condition is missing; .* at character 8",
        "and tcp | .*a condition is missing; .* at character 1",
        "port | .*a condition is missing; .* at character 5",
        "( tcp | .*a \\) is missing at character 6",
        "tcp ) | .*a \\) without its \\( at character 5",
        "icmp port 80 | .*icmp has no port; write \"icmp and port …\", at character 11",
        "tcp host 10.0.0.1 | .*tcp has no host; write \"tcp and host …\", at character 10",
      })
  void shouldNameThePlaceOfAMistake(String line) {
    String[] parts = line.split(" \\| ", 2);
    assertThatThrownBy(() -> CaptureFilter.parse(parts[0]))
        .isInstanceOf(FilterSyntaxException.class)
        .hasMessageMatching(parts[1]);
  }

  @Test
  void shouldRefuseWhatIsTooLong() {
    assertThatThrownBy(() -> CaptureFilter.parse("(".repeat(5000)))
        .isInstanceOf(FilterSyntaxException.class)
        .hasMessageContaining("more than 2000 characters");
  }

  @Test
  void shouldTakeDeepNesting() {
    String expression = "(".repeat(900) + "tcp" + ")".repeat(900);
    assertThat(matches(expression, frame(IpProtocol.TCP, 0))).isTrue();
  }

  @Test
  void shouldFindAddressesInArp() {
    assertThat(matches("arp", arp())).isTrue();
    assertThat(matches("host 10.244.1.1", arp())).isTrue();
    assertThat(matches("ip host 10.244.1.1", arp())).isFalse();
    assertThat(matches("port 0", arp())).isFalse();
  }

  @Test
  void shouldSeeNoPortsInLaterFragments() {
    assertThat(matches("port 80", frame(IpProtocol.TCP, 3))).isFalse();
    assertThat(matches("tcp", frame(IpProtocol.TCP, 3))).isTrue();
  }

  @Test
  void shouldReadWhatIsCutOffAsFarAsItGoes() {
    FrameHeaders headers = new FrameHeaders().read(frame(IpProtocol.TCP, 0), 0, 36);
    assertThat(headers.source()).isEqualTo(IpAddress.parse("10.244.1.2"));
    assertThat(headers.sourcePort()).isEqualTo(FrameHeaders.NONE);
    assertThat(new FrameHeaders().read(frame(IpProtocol.TCP, 0), 0, 9).etherType())
        .isEqualTo(FrameHeaders.NONE);
  }
}
