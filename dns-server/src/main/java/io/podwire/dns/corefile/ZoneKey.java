package io.podwire.dns.corefile;

import io.podwire.packet.addr.Cidr;
import io.podwire.packet.dns.DnsName;
import io.podwire.packet.dns.ReverseName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A zone at a port, as a server block's key names it.
 *
 * @param port 0 takes any that is free
 */
public record ZoneKey(Scheme scheme, DnsName zone, int port) {

  /** How queries come. */
  public enum Scheme {
    DNS(53),
    TLS(853);

    private final int port;

    Scheme(int port) {
      this.port = port;
    }

    public int defaultPort() {
      return port;
    }
  }

  /**
   * Reads a key such as {@code .}, {@code example.org:1053}, {@code tls://.} or {@code
   * 10.0.0.0/24}; one of a network can stand for several zones.
   *
   * @return nothing where the problems were added to
   */
  static List<ZoneKey> read(Token key, Problems problems) {
    String rest = key.text();
    Scheme scheme = Scheme.DNS;
    int mark = rest.indexOf("://");
    if (mark >= 0) {
      String name = rest.substring(0, mark).toLowerCase(Locale.ROOT);
      Optional<Scheme> known =
          List.of(Scheme.values()).stream()
              .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(name))
              .findFirst();
      if (known.isEmpty()) {
        problems.add(key, "unknown scheme '" + name + "://'; known: dns://, tls://");
        return List.of();
      }
      scheme = known.get();
      rest = rest.substring(mark + 3);
    }
    int port = scheme.defaultPort();
    int colon = rest.lastIndexOf(':');
    // The last colon of an IPv6 network's address is no port's.
    if (colon >= 0 && rest.indexOf('/') < colon && !rest.substring(0, colon).contains("::")) {
      String digits = rest.substring(colon + 1);
      if (!digits.matches("[0-9]{1,5}") || Integer.parseInt(digits) > 0xffff) {
        problems.add(key, "'" + digits + "' is no port; write it as example.org:1053");
        return List.of();
      }
      port = Integer.parseInt(digits);
      rest = rest.substring(0, colon);
    }
    List<ZoneKey> keys = new ArrayList<>();
    for (DnsName zone : zones(rest)) {
      keys.add(new ZoneKey(scheme, zone, port));
    }
    if (keys.isEmpty()) {
      problems.add(
          key, "'" + rest + "' is no zone; write a domain name, or a network such as 10.0.0.0/24");
    }
    return keys;
  }

  /** The zones that a text means: a name's own, or the reverse ones of a network; none if bad. */
  public static List<DnsName> zones(String text) {
    if (text.isEmpty()) {
      return List.of();
    }
    if (text.indexOf('/') >= 0) {
      try {
        return reverse(Cidr.parse(text));
      } catch (IllegalArgumentException e) {
        return List.of();
      }
    }
    return DnsName.tryParse(text.toLowerCase(Locale.ROOT)).map(List::of).orElse(List.of());
  }

  /** A network that ends within a label is all the zones that it covers of the next one. */
  private static List<DnsName> reverse(Cidr network) {
    int perLabel = network.isIpv4() ? 8 : 4;
    int labels = (network.prefixLength() + perLabel - 1) / perLabel;
    int spare = labels * perLabel - network.prefixLength();
    int all = (network.isIpv4() ? 32 : 128) / perLabel;
    List<DnsName> zones = new ArrayList<>();
    for (int i = 0; i < 1 << spare; i++) {
      Cidr part = spare == 0 ? network : network.subnet(labels * perLabel, i);
      zones.add(ReverseName.of(part.base()).dropFirst(all - labels));
    }
    return zones;
  }

  /** {@code dns://example.org.:53}. */
  @Override
  public String toString() {
    return scheme.name().toLowerCase(Locale.ROOT) + "://" + zone + ":" + port;
  }
}
