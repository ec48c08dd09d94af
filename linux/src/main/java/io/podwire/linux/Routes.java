package io.podwire.linux;

import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The unicast routes of a namespace (rtnetlink(7), RTM_*ROUTE). Thread-safe. */
public final class Routes {

  private static final int RTM_NEWROUTE = 24;
  private static final int RTM_DELROUTE = 25;
  private static final int RTM_GETROUTE = 26;
  private static final int HEADER_LENGTH = 12;
  private static final int RTA_DST = 1;
  private static final int RTA_OIF = 4;
  private static final int RTA_GATEWAY = 5;
  private static final int RTA_PREFSRC = 7;
  private static final int RTA_TABLE = 15;
  private static final int RTN_UNICAST = 1;
  private static final int RTPROT_BOOT = 3;
  private static final int RT_SCOPE_UNIVERSE = 0;
  private static final int RT_SCOPE_LINK = 253;
  private static final int RT_SCOPE_NOWHERE = 255;
  private static final int RTNH_F_ONLINK = 4;

  private final NetlinkSocket socket;
  private final Links links;

  Routes(NetlinkSocket socket, Links links) {
    this.socket = socket;
    this.links = links;
  }

  /** The unicast routes of every table, cloned and cached ones left out. */
  public List<Route> list() {
    Map<Integer, String> names = new HashMap<>();
    links.list().forEach(link -> names.put(link.index(), link.name()));
    return socket
        .exchange(
            "list routes",
            header(RTM_GETROUTE, NetlinkMessage.DUMP, 0, 0, 0, 0, 0),
            answer -> read(answer, names))
        .stream()
        .filter(Objects::nonNull)
        .map(Objects::requireNonNull)
        .toList();
  }

  /** Fails where a route to that destination is there already. */
  public void add(Route route) {
    change("add", RTM_NEWROUTE, NetlinkMessage.CREATE | NetlinkMessage.EXCLUSIVE, route);
  }

  public void replace(Route route) {
    change("replace", RTM_NEWROUTE, NetlinkMessage.CREATE | NetlinkMessage.REPLACE, route);
  }

  public void delete(Route route) {
    change("delete", RTM_DELROUTE, 0, route);
  }

  private void change(String verb, int type, int flags, Route route) {
    int scope = route.gateway() == null ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
    NetlinkMessage message =
        header(
            type,
            flags | NetlinkMessage.ACK,
            Addresses.family(route.destination().base()),
            route.destination().prefixLength(),
            type == RTM_DELROUTE ? RT_SCOPE_NOWHERE : scope,
            RTN_UNICAST,
            route.onLink() ? RTNH_F_ONLINK : 0);
    message.attribute(RTA_DST, route.destination().base());
    message.attribute32(RTA_TABLE, route.table());
    if (route.gateway() != null) {
      message.attribute(RTA_GATEWAY, route.gateway());
    }
    if (route.link() != null) {
      message.attribute32(RTA_OIF, links.index(route.link()));
    }
    if (route.source() != null) {
      message.attribute(RTA_PREFSRC, route.source());
    }
    socket.change(verb + " route " + describe(route), message);
  }

  private static String describe(Route route) {
    return route.destination()
        + (route.gateway() == null ? "" : " via " + route.gateway())
        + (route.link() == null ? "" : " dev " + route.link());
  }

  private static NetlinkMessage header(
      int type, int flags, int family, int prefixLength, int scope, int kind, int routeFlags) {
    return new NetlinkMessage(type, flags)
        .int8(family)
        .int8(prefixLength)
        .int8(0)
        .int8(0)
        .int8(0)
        .int8(RTPROT_BOOT)
        .int8(scope)
        .int8(kind)
        .int32(routeFlags);
  }

  private static @Nullable Route read(ByteBuffer answer, Map<Integer, String> names) {
    int family = answer.get(0);
    int prefixLength = answer.get(1) & 0xff;
    int shortTable = answer.get(4) & 0xff;
    int kind = answer.get(7);
    int flags = answer.getInt(8);
    if (kind != RTN_UNICAST || (family != Addresses.AF_INET && family != Addresses.AF_INET6)) {
      return null;
    }
    NetlinkAttributes attributes = new NetlinkAttributes(answer.position(HEADER_LENGTH));
    IpAddress any = family == Addresses.AF_INET ? IpAddress.ofIpv4(0) : new IpAddress(0, 0);
    return new Route(
        Cidr.around(attributes.address(RTA_DST).orElse(any), prefixLength),
        attributes.address(RTA_GATEWAY).orElse(null),
        names.get(attributes.int32(RTA_OIF, 0)),
        attributes.address(RTA_PREFSRC).orElse(null),
        (flags & RTNH_F_ONLINK) != 0,
        attributes.int32(RTA_TABLE, shortTable));
  }
}
