package io.podwire.linux;

import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * A unicast route.
 *
 * @param gateway null where the destination is on the link
 * @param link the link's name; null to let the kernel find it by the gateway
 * @param source preferred source address, or null
 * @param onLink whether the gateway is reached although no route covers it
 * @param table {@link #MAIN} unless a rule points to another
 */
public record Route(
    Cidr destination,
    @Nullable IpAddress gateway,
    @Nullable String link,
    @Nullable IpAddress source,
    boolean onLink,
    int table) {

  /** The table that is looked up without any rule of one's own. */
  public static final int MAIN = 254;

  private static final Cidr DEFAULT_V4 = Cidr.parse("0.0.0.0/0");
  private static final Cidr DEFAULT_V6 = Cidr.parse("::/0");

  /** Straight onto a link. */
  public static Route direct(Cidr destination, String link) {
    return new Route(destination, null, link, null, false, MAIN);
  }

  public static Route via(Cidr destination, IpAddress gateway) {
    return new Route(destination, gateway, null, null, false, MAIN);
  }

  /** Everything of the gateway's family. */
  public static Route defaultVia(IpAddress gateway) {
    return via(gateway.isIpv4() ? DEFAULT_V4 : DEFAULT_V6, gateway);
  }

  public Route onLink(String name) {
    return new Route(destination, gateway, name, source, true, table);
  }

  public Route through(String name) {
    return new Route(destination, gateway, name, source, onLink, table);
  }

  public Route from(IpAddress preferredSource) {
    return new Route(destination, gateway, link, preferredSource, onLink, table);
  }

  public Route inTable(int other) {
    return new Route(destination, gateway, link, source, onLink, other);
  }
}
