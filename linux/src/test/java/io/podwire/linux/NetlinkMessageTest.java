package io.podwire.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The bytes were derived by hand from linux/netlink.h and linux/if_link.h. */
class NetlinkMessageTest {

  private static final HexFormat HEX = HexFormat.of();

  @BeforeAll
  static void checkOrder() {
    assumeTrue(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN, "bytes are little-endian");
  }

  private static String hex(NetlinkMessage message, int sequence) {
    ByteBuffer bytes = message.finish(sequence);
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    return HEX.formatHex(copy);
  }

  @Test
  void shouldWriteHeaderAndFamilyHeader() {
    NetlinkMessage dump = Links.header(18, NetlinkMessage.DUMP, 0, 0, 0);

    assertThat(hex(dump, 1))
        .isEqualTo(
            "20000000" // length 32
                + "1200" // RTM_GETLINK
                + "0103" // NLM_F_REQUEST | NLM_F_DUMP
                + "01000000" // sequence
                + "00000000" // to the kernel
                + "00".repeat(16)); // ifinfomsg
  }

  @Test
  void shouldPadAttributesButNotCountThePadding() {
    NetlinkMessage message =
        new NetlinkMessage(16, NetlinkMessage.ACK)
            .attribute(3, "eth0")
            .attribute(1, MacAddress.parse("0a:58:0a:f4:00:01"))
            .attribute8(7, 1)
            .attributePort(15, 4789)
            .attribute(4, IpAddress.parse("192.0.2.1"));

    assertThat(hex(message, 0x01020304).substring(32))
        .isEqualTo(
            "09000300"
                + "6574683000"
                + "000000"
                + "0a000100"
                + "0a580af40001"
                + "0000"
                + "05000700"
                + "01"
                + "000000"
                + "06000f00"
                + "12b5"
                + "0000"
                + "08000400"
                + "c0000201");
    assertThat(hex(message, 0x01020304)).startsWith("40000000" + "1000" + "0500" + "04030201");
  }

  @Test
  void shouldCountWhatAnEnclosingAttributeHolds() {
    NetlinkMessage message =
        new NetlinkMessage(16, 0)
            .enclosed(
                18, info -> info.attribute(1, "veth").nested(2, data -> data.attribute32(4, 5)));

    assertThat(hex(message, 0).substring(32))
        .isEqualTo(
            "1c001200"
                + ("09000100" + "7665746800" + "000000")
                + ("0c000280" + ("08000400" + "05000000")));
  }

  @Test
  void shouldReadAttributesBackAndStopAtACutOne() {
    byte[] bytes =
        HEX.parseHex(
            "09000300" + "6574683000" + "000000" + "08000400" + "aabbccdd" + "ff000500" + "00");
    NetlinkAttributes attributes = new NetlinkAttributes(ByteBuffer.wrap(bytes));

    assertThat(attributes.text(3)).hasValue("eth0");
    assertThat(attributes.int32(4, 0)).isEqualTo(0xddccbbaa);
    assertThat(attributes.int32(5, -1)).isEqualTo(-1);
    assertThat(attributes.mac(3)).isEmpty();
  }
}
