package io.podwire.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.quicktheories.QuickTheory.qt;

import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ArpTest {

  private static final MacAddress HOST_MAC = MacAddress.parse("02:00:00:00:00:0a");
  private static final MacAddress ROUTER_MAC = MacAddress.parse("02:00:00:00:00:01");
  private static final IpAddress HOST = IpAddress.parse("10.1.0.10");
  private static final IpAddress ROUTER = IpAddress.parse("10.1.0.1");

  @Test
  void shouldReadWhatLinuxSent() {
    ArpView request = CapturedFrame.named("arp-request").arp();

    assertThat(request.check()).isEqualTo(Defect.NONE);
    assertThat(request.operation()).isEqualTo(ArpView.REQUEST);
    assertThat(request.senderMac()).isEqualTo(HOST_MAC.value());
    assertThat(request.senderIp()).isEqualTo(HOST.ipv4Bits());
    assertThat(request.targetMac()).isZero();
    assertThat(request.targetIp()).isEqualTo(ROUTER.ipv4Bits());
  }

  @Test
  void shouldWriteWhatLinuxSent() {
    ArpMessage request = ArpMessage.request(HOST_MAC, HOST, ROUTER);

    assertThat(emitted(request)).isEqualTo(payload("arp-request"));
    assertThat(emitted(request.reply(ROUTER_MAC))).isEqualTo(payload("arp-reply"));
  }

  @Test
  void shouldKeepEveryMessageThroughItsBytes() {
    qt().forAll(in ->
            new ArpMessage(
                RoundTrip.bits(in, 16),
                RoundTrip.MAC.generate(in),
                RoundTrip.IPV4.generate(in),
                RoundTrip.MAC.generate(in),
                RoundTrip.IPV4.generate(in)))
        .check(message -> {
          ByteBuffer buffer = RoundTrip.dirtyBuffer(40);
          int length = message.emit(buffer, 5);
          ArpView view = new ArpView().wrap(buffer, 5, length);
          return view.check() == Defect.NONE && ArpMessage.parse(view).equals(message);
        });
  }

  @Test
  void shouldNameOtherHardwareAndProtocols() {
    for (int field : new int[] {1, 3, 4, 5}) {
      CapturedFrame frame = CapturedFrame.named("arp-request");
      ArpView view = frame.arp();
      view.put8(field, 0x55);
      assertThat(view.check()).as("octet " + field).isEqualTo(Defect.BAD_FIELD);
    }
  }

  @Test
  void shouldRefuseIpv6Addresses() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ArpMessage.request(HOST_MAC, HOST, IpAddress.parse("fd00::1")))
        .withMessageContaining("fd00::1");
  }

  private static Octets emitted(ArpMessage message) {
    ByteBuffer buffer = RoundTrip.dirtyBuffer(ArpView.LENGTH);
    message.emit(buffer, 0);
    return RoundTrip.all(buffer);
  }

  private static Octets payload(String name) {
    ArpView view = CapturedFrame.named(name).arp();
    return Octets.copyOf(view.buffer(), view.offset(), view.length());
  }
}
