package io.podwire.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;

import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.Vni;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class VxlanTest {

  @Test
  void shouldReadTheFrameInsideWhatLinuxSent() {
    CapturedFrame frame = CapturedFrame.named("vxlan");
    UdpView outer = frame.udp();
    VxlanView vxlan =
        new VxlanView().wrap(frame.buffer(), outer.payloadOffset(), outer.payloadLength());

    assertThat(outer.destinationPort()).isEqualTo(VxlanView.PORT);
    assertThat(vxlan.check()).isEqualTo(Defect.NONE);
    assertThat(vxlan.flags()).isEqualTo(0x08);
    assertThat(vxlan.vni()).isEqualTo(1);
    EthernetView inner =
        new EthernetView().wrap(frame.buffer(), vxlan.payloadOffset(), vxlan.payloadLength());
    assertThat(inner.check()).isEqualTo(Defect.NONE);
    ArpView arp = new ArpView().wrap(frame.buffer(), inner.payloadOffset(), inner.payloadLength());
    assertThat(arp.check()).isEqualTo(Defect.NONE);
    assertThat(IpAddress.ofIpv4(arp.targetIp())).isEqualTo(IpAddress.parse("10.9.0.1"));
  }

  @Test
  void shouldPutTheVniIntoOctets4To6() {
    ByteBuffer buffer = RoundTrip.dirtyBuffer(8);

    new VxlanHeader(new Vni(0x123456)).emit(buffer, 0);

    assertThat(RoundTrip.all(buffer)).isEqualTo(Octets.ofHex("0800000012345600"));
  }

  @Test
  void shouldIgnoreReservedBits() {
    VxlanView view =
        new VxlanView().wrap(ByteBuffer.wrap(Octets.ofHex("ffffffff123456ff").toBytes()), 0, 8);

    assertThat(view.check()).isEqualTo(Defect.NONE);
    assertThat(view.vni()).isEqualTo(0x123456);
    assertThat(VxlanHeader.parse(view)).isEqualTo(new VxlanHeader(new Vni(0x123456)));
  }

  @Test
  void shouldNameEachDefect() {
    ByteBuffer withoutVni = ByteBuffer.wrap(Octets.ofHex("f700000012345600").toBytes());

    assertThat(new VxlanView().wrap(withoutVni, 0, 8).check()).isEqualTo(Defect.BAD_FLAGS);
    assertThat(new VxlanView().wrap(withoutVni, 0, 7).check()).isEqualTo(Defect.TRUNCATED);
  }

  @Test
  void shouldKeepEveryVniThroughItsBytes() {
    qt().forAll(integers().between(0, Vni.MAX))
        .check(vni -> {
          ByteBuffer buffer = RoundTrip.dirtyBuffer(9);
          VxlanView view = new VxlanView().wrap(buffer, 1, 8).set(vni);
          return view.check() == Defect.NONE
              && view.vni() == vni
              && view.flags() == VxlanView.VNI_PRESENT;
        });
  }
}
