package io.podwire.netstack.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.netstack.link.Frame;
import io.podwire.packet.EthernetView;
import io.podwire.packet.Ipv4View;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Puts fragments together again (RFC 791, section 3.2), strictly: no gap, no overlap, one end. */
public final class Reassembly {

  private Reassembly() {}

  /** The datagram, with its transport checksum verified over the whole. */
  public static SeenPacket of(List<SeenPacket> fragments) {
    List<SeenPacket> sorted = new ArrayList<>(fragments);
    sorted.sort(Comparator.comparingInt(seen -> seen.ip().fragmentOffset()));
    SeenPacket first = sorted.get(0);
    int expected = 0;
    for (int i = 0; i < sorted.size(); i++) {
      Ipv4View ip = sorted.get(i).ip();
      assertThat(ip.fragmentOffset()).as("offset of fragment %d", i).isEqualTo(expected);
      assertThat(ip.moreFragments()).as("more of %d", i).isEqualTo(i < sorted.size() - 1);
      assertThat(ip.source()).isEqualTo(first.ip().source());
      assertThat(ip.destination()).isEqualTo(first.ip().destination());
      assertThat(ip.identification()).isEqualTo(first.ip().identification());
      expected += ip.payloadLength();
    }
    int header = first.ip().headerLength();
    int length = EthernetView.HEADER_LENGTH + header + expected;
    Frame whole = Frame.allocate(length);
    whole.reset(Frame.HEADROOM, length);
    new EthernetView()
        .wrap(whole.buffer(), whole.start(), length)
        .set(first.destinationMac().value(), first.sourceMac().value(), 0x0800);
    int at = whole.start() + EthernetView.HEADER_LENGTH;
    whole.buffer().put(at, first.ipBytes(), 0, header);
    for (SeenPacket seen : sorted) {
      whole.buffer().put(at + header + seen.ip().fragmentOffset(), seen.transportBytes());
    }
    new Ipv4View()
        .wrap(whole.buffer(), at, header + expected)
        .setTotalLength(header + expected)
        .setFragment(false, false, 0)
        .computeChecksum();
    return SeenPacket.of(whole);
  }
}
