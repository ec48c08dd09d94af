package io.podwire.packet;

/**
 * The walk over IPv6 extension headers (RFC 8200, section 4; RFC 4302 for authentication).
 *
 * <p>Its result is packed into a long so that nothing is allocated: the end of the headers relative
 * to the packet's start (-1 where one is cut off), the protocol behind them, and the fragment
 * header's offset-and-flags word (0 without one).
 */
final class ExtensionHeaders {

  static final int FRAGMENT_OFFSET = 0xfff8;
  static final int FRAGMENT_RESERVED = 0x0006;
  static final int MORE_FRAGMENTS = 0x0001;

  /** Of a fragment header, from its first octet. */
  static final int IDENTIFICATION = 4;

  private static final int SHORTEST = 8;
  private static final int FRAGMENT_LENGTH = 8;

  private ExtensionHeaders() {}

  static boolean isExtension(int protocol) {
    return switch (protocol) {
      case IpProtocol.HOP_BY_HOP,
          IpProtocol.ROUTING,
          IpProtocol.FRAGMENT,
          IpProtocol.AUTHENTICATION,
          IpProtocol.DESTINATION_OPTIONS,
          IpProtocol.MOBILITY ->
          true;
      default -> false;
    };
  }

  static long walk(Ipv6View packet) {
    int end = Math.min(packet.length, Ipv6View.HEADER_LENGTH + packet.payloadLength());
    int next = packet.nextHeader();
    int at = Ipv6View.HEADER_LENGTH;
    int fragment = 0;
    while (isExtension(next)) {
      if (end - at < SHORTEST) {
        return packed(-1, next, fragment);
      }
      int octets = FRAGMENT_LENGTH;
      if (next == IpProtocol.FRAGMENT) {
        fragment = packet.u16(at + 2);
      } else if (next == IpProtocol.AUTHENTICATION) {
        octets = (packet.u8(at + 1) + 2) << 2;
      } else {
        octets = (packet.u8(at + 1) + 1) << 3;
      }
      next = packet.u8(at);
      at += octets;
      if (at > end) {
        return packed(-1, next, fragment);
      }
      if ((fragment & FRAGMENT_OFFSET) != 0) {
        // What follows is the middle of a datagram, not a header.
        break;
      }
    }
    return packed(at, next, fragment);
  }

  /** Where the fragment header begins, relative to the packet's start; -1 where there is none. */
  static int fragmentHeader(Ipv6View packet) {
    int end = Math.min(packet.length, Ipv6View.HEADER_LENGTH + packet.payloadLength());
    int next = packet.nextHeader();
    int at = Ipv6View.HEADER_LENGTH;
    while (isExtension(next) && end - at >= SHORTEST) {
      if (next == IpProtocol.FRAGMENT) {
        return at;
      }
      int units = packet.u8(at + 1);
      int octets = next == IpProtocol.AUTHENTICATION ? (units + 2) << 2 : (units + 1) << 3;
      next = packet.u8(at);
      at += octets;
    }
    return -1;
  }

  static int end(long walked) {
    return (int) (walked >> 32);
  }

  static int protocol(long walked) {
    return (int) walked >>> 16;
  }

  static int fragmentWord(long walked) {
    return (int) walked & 0xffff;
  }

  private static long packed(int end, int protocol, int fragment) {
    return ((long) end << 32) | ((long) protocol << 16) | fragment;
  }
}
