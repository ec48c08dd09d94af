package io.podwire.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.quicktheories.QuickTheory.qt;

import io.podwire.packet.EthernetHeader.VlanTag;
import io.podwire.packet.addr.MacAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.quicktheories.core.Gen;

class EthernetTest {

  private static final MacAddress HOST = MacAddress.parse("02:00:00:00:00:0a");

  private static final Gen<EthernetHeader> HEADERS =
      in ->
          new EthernetHeader(
              RoundTrip.MAC.generate(in),
              RoundTrip.MAC.generate(in),
              RoundTrip.listOf(in, 2, tag -> new VlanTag(EtherType.VLAN, RoundTrip.bits(tag, 16))),
              RoundTrip.bits(in, 11));

  @Test
  void shouldReadWhatLinuxSent() {
    EthernetView frame = CapturedFrame.named("arp-request").ethernet();

    assertThat(frame.destination()).isEqualTo(MacAddress.BROADCAST.value());
    assertThat(frame.source()).isEqualTo(HOST.value());
    assertThat(frame.etherType()).isEqualTo(EtherType.ARP);
    assertThat(frame.isTagged()).isFalse();
    assertThat(frame.tagControl()).isZero();
    assertThat(frame.headerLength()).isEqualTo(14);
    assertThat(frame.payloadOffset()).isEqualTo(frame.offset() + 14);
    assertThat(frame.payloadLength()).isEqualTo(28);
  }

  @Test
  void shouldPassOverVlanTags() {
    CapturedFrame captured =
        CapturedFrame.ofHex("ffffffffffff 02000000000a 88a80007 8100602a 0800 45");

    EthernetView frame = captured.ethernet();

    assertThat(frame.isTagged()).isTrue();
    assertThat(frame.tagControl()).isEqualTo(7);
    assertThat(frame.etherType()).isEqualTo(EtherType.IPV4);
    assertThat(frame.headerLength()).isEqualTo(22);
    assertThat(frame.payloadLength()).isEqualTo(1);
    assertThat(EthernetHeader.parse(frame))
        .isEqualTo(
            new EthernetHeader(
                MacAddress.BROADCAST,
                HOST,
                List.of(
                    new VlanTag(EtherType.SERVICE_VLAN, 7), new VlanTag(EtherType.VLAN, 0x602a)),
                EtherType.IPV4));
  }

  @Test
  void shouldNameAHeaderThatIsCutOff() {
    CapturedFrame tagged = CapturedFrame.ofHex("ffffffffffff 02000000000a 8100 0007 0800");
    EthernetView view = new EthernetView();

    for (int length = 0; length < 18; length++) {
      assertThat(view.wrap(tagged.buffer(), tagged.offset(), length).check())
          .as("length " + length)
          .isEqualTo(Defect.TRUNCATED);
    }
    assertThat(view.wrap(tagged.buffer(), tagged.offset(), 18).check()).isEqualTo(Defect.NONE);
  }

  @Test
  void shouldRefuseAWindowOutsideTheBuffer() {
    ByteBuffer buffer = ByteBuffer.allocate(20);
    EthernetView view = new EthernetView();

    assertThat(view.check()).isEqualTo(Defect.TRUNCATED);
    assertThat(view.wrap(buffer, 7, 14).check()).isEqualTo(Defect.TRUNCATED);
    assertThat(view.wrap(buffer, -1, 14).check()).isEqualTo(Defect.TRUNCATED);
    assertThat(view.wrap(buffer, Integer.MAX_VALUE, 14).check()).isEqualTo(Defect.TRUNCATED);
    assertThat(view.wrap(buffer, 0, Integer.MAX_VALUE).check()).isEqualTo(Defect.TRUNCATED);
  }

  @Test
  void shouldSetWhatItReads() {
    ByteBuffer buffer = RoundTrip.dirtyBuffer(16);
    EthernetView frame = new EthernetView().wrap(buffer, 1, 15).set(1, 2, EtherType.IPV6);

    assertThat(frame.destination()).isEqualTo(1);
    assertThat(frame.source()).isEqualTo(2);
    assertThat(frame.etherType()).isEqualTo(EtherType.IPV6);
    assertThat(frame.setEtherType(EtherType.ARP).etherType()).isEqualTo(EtherType.ARP);
    assertThat(buffer.get(0)).isEqualTo((byte) 0xff);
    assertThat(buffer.get(15)).isEqualTo((byte) 0xff);
  }

  @Test
  void shouldKeepEveryHeaderThroughItsBytes() {
    qt().forAll(HEADERS)
        .check(header -> {
          ByteBuffer buffer = RoundTrip.dirtyBuffer(30);
          int length = header.emit(buffer, 2);
          EthernetView view = new EthernetView().wrap(buffer, 2, length);
          return view.check() == Defect.NONE && EthernetHeader.parse(view).equals(header);
        });
  }

  @Test
  void shouldRefuseWhatAHeaderCannotHold() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new EthernetHeader(HOST, HOST, 0x10000))
        .withMessage("EtherType must be 0-65535, got 65536");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new VlanTag(0x0800, 1))
        .withMessageContaining("0x8100 or 0x88a8");
  }
}
