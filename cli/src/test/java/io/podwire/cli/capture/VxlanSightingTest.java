package io.podwire.cli.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.packet.IpProtocol;
import io.podwire.packet.Ipv4View;
import io.podwire.packet.addr.IpAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class VxlanSightingTest {
  // 172.30.0.11.53421 > 172.30.0.12.4789: VXLAN, vni 7: 10.244.0.2 > 10.244.1.3: ICMP echo request
  private static final String FRAME =
      "02000000000c02000000000b0800"
          + "4500004e0000400040110000ac1e000bac1e000c"
          + "d0ad12b5003a0000"
          + "0800000000000700"
          + "0a580af401030a580af400020800"
          + "4500001c00004000400100000af400020af40103"
          + "0800f7fd00010001";

  @Test
  void shouldReadBothLayers() {
    assertThat(VxlanSighting.parse(frame(), 4789))
        .contains(
            new VxlanSighting(
                IpAddress.parse("172.30.0.11"),
                53421,
                IpAddress.parse("172.30.0.12"),
                4789,
                7,
                IpAddress.parse("10.244.0.2"),
                IpAddress.parse("10.244.1.3"),
                IpProtocol.ICMP))
        .map(VxlanSighting::text)
        .contains(
            "IP 172.30.0.11.53421 > 172.30.0.12.4789: VXLAN, vni 7: IP 10.244.0.2 > 10.244.1.3,"
                + " protocol 1");
  }

  @Test
  void shouldIgnoreOtherPortsOtherFlagsAndTruncatedFrames() {
    assertThat(VxlanSighting.parse(frame(), 8472)).isEmpty();
    assertThat(VxlanSighting.parse(frame().put(42, (byte) 0), 4789)).isEmpty();
    for (int length = 0; length < frame().limit(); length++) {
      assertThat(VxlanSighting.parse(frame().limit(length), 4789)).isEmpty();
    }
  }

  private static ByteBuffer frame() {
    byte[] bytes = HexFormat.of().parseHex(FRAME);
    // The views' checksum is the IPv4 header's; a capture sees it filled in.
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    new Ipv4View().wrap(buffer, 14, bytes.length - 14).computeChecksum();
    new Ipv4View().wrap(buffer, 64, bytes.length - 64).computeChecksum();
    return buffer;
  }
}
