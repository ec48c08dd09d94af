package io.podwire.dns.forward;

import io.podwire.packet.addr.IpAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Upstreams as they are written: addresses, and files such as {@code /etc/resolv.conf}. */
final class ResolverFile {
  private ResolverFile() {}

  /** The name servers of such a file. */
  static List<InetSocketAddress> nameServers(List<String> lines) {
    List<InetSocketAddress> servers = new ArrayList<>();
    for (String line : lines) {
      String[] words = line.strip().split("\\s+");
      if (words.length > 1 && words[0].equals("nameserver")) {
        IpAddress.tryParse(words[1]).ifPresent(each -> servers.add(socket(each, 53)));
      }
    }
    return servers;
  }

  /**
   * {@code 192.0.2.53}, {@code 192.0.2.53:5300}, {@code 2001:db8::53} or {@code [2001:db8::53]:53}.
   */
  static Optional<InetSocketAddress> address(String text, int defaultPort) {
    Optional<IpAddress> bare = IpAddress.tryParse(text);
    if (bare.isPresent()) {
      return Optional.of(socket(bare.get(), defaultPort));
    }
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? text : text.substring(0, colon);
    String digits = colon < 0 ? "" : text.substring(colon + 1);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    if (!digits.matches("[0-9]{1,5}") || Integer.parseInt(digits) > 0xffff) {
      return Optional.empty();
    }
    return IpAddress.tryParse(bracketed ? host.substring(1, host.length() - 1) : host)
        .filter(each -> bracketed != each.isIpv4())
        .map(each -> socket(each, Integer.parseInt(digits)));
  }

  private static InetSocketAddress socket(IpAddress address, int port) {
    try {
      return new InetSocketAddress(InetAddress.getByAddress(address.toBytes()), port);
    } catch (UnknownHostException e) {
      throw new AssertionError("4 or 16 octets are always an address", e);
    }
  }
}
