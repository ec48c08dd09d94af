package io.podwire.dns.plugin;

import io.podwire.packet.addr.IpAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** Addresses to listen on, as plugins take them. */
public final class Endpoints {
  private Endpoints() {}

  /** {@code :9153}, {@code localhost:9153}, {@code 127.0.0.1:9153} or {@code [::1]:9153}. */
  public static InetSocketAddress read(Words words, String otherwise) {
    String text = words.hasNext() ? words.text("an address") : otherwise;
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    String digits = text.substring(colon + 1);
    boolean port = colon >= 0 && digits.matches("[0-9]{1,5}") && Integer.parseInt(digits) < 65536;
    Optional<IpAddress> address =
        switch (host) {
          case "" -> IpAddress.tryParse("0.0.0.0");
          case "localhost" -> IpAddress.tryParse("127.0.0.1");
          default ->
              IpAddress.tryParse(
                  host.startsWith("[") && host.endsWith("]")
                      ? host.substring(1, host.length() - 1)
                      : host);
        };
    if (!port || address.isEmpty()) {
      words.problem("'" + text + "' is no address and port; write it as " + otherwise);
      return new InetSocketAddress(0);
    }
    return new InetSocketAddress(inet(address.get()), Integer.parseInt(digits));
  }

  /** The JDK's form of an address. */
  public static InetAddress inet(IpAddress address) {
    try {
      return InetAddress.getByAddress(address.toBytes());
    } catch (UnknownHostException e) {
      throw new AssertionError("4 or 16 octets are always an address", e);
    }
  }
}
