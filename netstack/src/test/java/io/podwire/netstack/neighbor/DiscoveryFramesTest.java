package io.podwire.netstack.neighbor;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.netstack.link.Frame;
import io.podwire.netstack.network.TestNetwork;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class DiscoveryFramesTest {

  private static final MacAddress ASKING = MacAddress.parse("0a:58:00:00:00:01");
  private static final MacAddress ANSWERING = MacAddress.parse("0a:58:00:00:00:02");
  private static final IpAddress SENDER = IpAddress.parse("fd00:1::1");
  private static final IpAddress TARGET = IpAddress.parse("fd00:1::ab:cdef");

  private static String hex(Frame frame) {
    return HexFormat.of().formatHex(TestNetwork.bytesOf(frame));
  }

  @Test
  void shouldAskTheSolicitedNodeGroup() {
    assertThat(hex(DiscoveryFrames.solicitation(ASKING, SENDER, TARGET)))
        .startsWith(
            // To 33:33:ff and the last three octets, ff02::1:ff and the same.
            "3333ffabcdef"
                + "0a5800000001"
                + "86dd"
                + "6000000000203aff"
                + "fd000001000000000000000000000001"
                + "ff0200000000000000000001ffabcdef"
                + "8700")
        .endsWith("00000000" + "fd00000100000000" + "0000000000abcdef" + "01010a5800000001");
  }

  @Test
  void shouldReadItsOwnFrames() {
    DiscoveryView view = new DiscoveryView();
    assertThat(view.read(DiscoveryFrames.solicitation(ASKING, SENDER, TARGET))).isTrue();
    assertThat(view.isSolicitation()).isTrue();
    assertThat(view.source()).isEqualTo(SENDER);
    assertThat(view.target()).isEqualTo(TARGET);
    assertThat(view.linkLayer()).isEqualTo(ASKING.value());

    Frame answer = DiscoveryFrames.advertisement(view, ANSWERING);
    assertThat(view.read(answer)).isTrue();
    assertThat(view.isAdvertisement()).isTrue();
    assertThat(view.target()).isEqualTo(TARGET);
    assertThat(view.linkLayer()).isEqualTo(ANSWERING.value());
  }

  @Test
  void shouldNotReadDamagedOnes() {
    Frame frame = DiscoveryFrames.solicitation(ASKING, SENDER, TARGET);
    for (int at = 14 + 40; at < frame.length(); at++) {
      Frame damaged = frame.copy();
      int place = damaged.start() + at;
      damaged.buffer().put(place, (byte) (damaged.buffer().get(place) ^ 0x10));
      assertThat(new DiscoveryView().read(damaged)).as("octet %d", at).isFalse();
    }
  }

  @Test
  void shouldAnswerAsAProxyForAllButWhoAsks() {
    NeighborDiscovery proxy = NeighborDiscovery.forAllBut(ANSWERING, List.of(SENDER));
    assertThat(proxy.answer(DiscoveryFrames.solicitation(ASKING, SENDER, TARGET))).isNotNull();
    assertThat(proxy.answer(DiscoveryFrames.solicitation(ASKING, SENDER, SENDER))).isNull();
    IpAddress nobody = IpAddress.parse("::");
    assertThat(proxy.answer(DiscoveryFrames.solicitation(ASKING, nobody, TARGET)))
        .as("a question before an address is taken")
        .isNull();
  }
}
