package io.podwire.dns.boot;

import io.podwire.packet.addr.IpAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** Reads {@code 10.0.0.1:53}, {@code [fd00::1]:53} and, with a default port, both without one. */
final class SocketAddresses {
  private SocketAddresses() {}

  /**
   * Empty where the text is neither.
   *
   * @param defaultPort negative where a port must be given
   */
  static Optional<InetSocketAddress> parse(String text, int defaultPort) {
    Optional<IpAddress> bare = IpAddress.tryParse(text);
    if (bare.isPresent() && defaultPort >= 0) {
      return Optional.of(new InetSocketAddress(inet(bare.get()), defaultPort));
    }
    int colon = text.lastIndexOf(':');
    if (colon < 0 || bare.isPresent() || !text.substring(colon + 1).matches("[0-9]{1,5}")) {
      return Optional.empty();
    }
    int port = Integer.parseInt(text.substring(colon + 1));
    String host = text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    Optional<IpAddress> address =
        IpAddress.tryParse(bracketed ? host.substring(1, host.length() - 1) : host);
    return address
        .filter(each -> port <= 65535 && bracketed != each.isIpv4())
        .map(each -> new InetSocketAddress(inet(each), port));
  }

  private static InetAddress inet(IpAddress address) {
    try {
      return InetAddress.getByAddress(address.toBytes());
    } catch (UnknownHostException e) {
      throw new AssertionError("4 or 16 octets are always an address", e);
    }
  }
}
