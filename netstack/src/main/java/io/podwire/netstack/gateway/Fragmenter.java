package io.podwire.netstack.gateway;

import io.podwire.netstack.link.Frame;
import io.podwire.packet.EthernetView;
import io.podwire.packet.Ipv4View;
import java.util.function.Consumer;

/**
 * Cuts an IPv4 packet into fragments for a link of a smaller MTU (RFC 791, section 3.2).
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
final class Fragmenter {

  /** Offsets of fragments count in units of eight octets. */
  private static final int UNIT = 8;

  private Fragmenter() {}

  /**
   * Hands out the fragments in order; each is valid only during the call.
   *
   * @param frame an Ethernet frame whose IPv4 packet is longer than the MTU
   * @param mtu of the outgoing link, IP header included
   */
  static void fragment(Frame frame, int mtu, Consumer<Frame> output) {
    frame.completeChecksum();
    int ipOffset = frame.start() + EthernetView.HEADER_LENGTH;
    Ipv4View whole =
        new Ipv4View().wrap(frame.buffer(), ipOffset, frame.length() - EthernetView.HEADER_LENGTH);
    int header = whole.headerLength();
    int prefix = EthernetView.HEADER_LENGTH + header;
    int payload = whole.payloadLength();
    int step = (mtu - header) / UNIT * UNIT;
    Frame piece = Frame.allocate(prefix + step);
    for (int done = 0; done < payload; done += step) {
      int part = Math.min(step, payload - done);
      piece.reset(Frame.HEADROOM, prefix + part);
      piece.buffer().put(piece.start(), frame.buffer(), frame.start(), prefix);
      piece
          .buffer()
          .put(piece.start() + prefix, frame.buffer(), whole.payloadOffset() + done, part);
      boolean more = done + part < payload || whole.moreFragments();
      new Ipv4View()
          .wrap(piece.buffer(), piece.start() + EthernetView.HEADER_LENGTH, header + part)
          .setTotalLength(header + part)
          .setFragment(false, more, whole.fragmentOffset() + done)
          .computeChecksum();
      output.accept(piece);
    }
  }
}
