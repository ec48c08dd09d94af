package io.podwire.linux;

import io.podwire.packet.addr.Cidr;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The policy routing rules of a namespace (rtnetlink(7), RTM_*RULE). Thread-safe. */
public final class RoutingRules {

  private static final int RTM_NEWRULE = 32;
  private static final int RTM_DELRULE = 33;
  private static final int RTM_GETRULE = 34;
  private static final int HEADER_LENGTH = 12;
  private static final int FRA_DST = 1;
  private static final int FRA_SRC = 2;
  private static final int FRA_IIFNAME = 3;
  private static final int FRA_PRIORITY = 6;
  private static final int FRA_TABLE = 15;
  private static final int FRA_IP_PROTO = 22;
  private static final int FRA_DPORT_RANGE = 24;
  private static final int FR_ACT_TO_TBL = 1;

  private final NetlinkSocket socket;

  RoutingRules(NetlinkSocket socket) {
    this.socket = socket;
  }

  /** The IPv4 rules, the kernel's own among them. */
  public List<RoutingRule> list() {
    return list(true);
  }

  /** The rules of IPv4, or else of IPv6, the kernel's own among them. */
  public List<RoutingRule> list(boolean ipv4) {
    int family = ipv4 ? Addresses.AF_INET : Addresses.AF_INET6;
    return socket.exchange(
        "list rules", header(RTM_GETRULE, NetlinkMessage.DUMP, family, 0, 0), RoutingRules::read);
  }

  public void add(RoutingRule rule) {
    socket.change(
        "add rule " + rule,
        message(RTM_NEWRULE, NetlinkMessage.CREATE | NetlinkMessage.EXCLUSIVE, rule));
  }

  public void delete(RoutingRule rule) {
    socket.change("delete rule " + rule, message(RTM_DELRULE, 0, rule));
  }

  private static NetlinkMessage message(int type, int flags, RoutingRule rule) {
    NetlinkMessage message =
        header(
            type,
            flags | NetlinkMessage.ACK,
            rule.isIpv4() ? Addresses.AF_INET : Addresses.AF_INET6,
            length(rule.to()),
            length(rule.from()));
    message.attribute32(FRA_PRIORITY, rule.priority()).attribute32(FRA_TABLE, rule.table());
    if (rule.to() != null) {
      message.attribute(FRA_DST, rule.to().base());
    }
    if (rule.from() != null) {
      message.attribute(FRA_SRC, rule.from().base());
    }
    if (rule.arrivingOn() != null) {
      message.attribute(FRA_IIFNAME, rule.arrivingOn());
    }
    if (rule.ipProtocol() != 0) {
      message.attribute8(FRA_IP_PROTO, rule.ipProtocol());
    }
    if (rule.firstPort() != 0) {
      message.attribute(
          FRA_DPORT_RANGE,
          ByteBuffer.allocate(4)
              .order(ByteOrder.nativeOrder())
              .putShort((short) rule.firstPort())
              .putShort((short) rule.lastPort())
              .array());
    }
    return message;
  }

  private static int length(@Nullable Cidr cidr) {
    return cidr == null ? 0 : cidr.prefixLength();
  }

  private static NetlinkMessage header(
      int type, int flags, int family, int destinationLength, int sourceLength) {
    return new NetlinkMessage(type, flags)
        .int8(family)
        .int8(destinationLength)
        .int8(sourceLength)
        .int8(0)
        .int8(0)
        .int16(0)
        .int8(FR_ACT_TO_TBL)
        .int32(0);
  }

  private static RoutingRule read(ByteBuffer answer) {
    int toLength = answer.get(1) & 0xff;
    int fromLength = answer.get(2) & 0xff;
    int shortTable = answer.get(4) & 0xff;
    NetlinkAttributes attributes = new NetlinkAttributes(answer.position(HEADER_LENGTH));
    int ports = attributes.int32(FRA_DPORT_RANGE, 0);
    boolean little = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    int low = ports & 0xffff;
    int high = ports >>> 16;
    return new RoutingRule(
        attributes.int32(FRA_PRIORITY, 0),
        attributes.address(FRA_SRC).map(base -> Cidr.around(base, fromLength)).orElse(null),
        attributes.address(FRA_DST).map(base -> Cidr.around(base, toLength)).orElse(null),
        attributes.int8(FRA_IP_PROTO, 0),
        little ? low : high,
        little ? high : low,
        attributes.int32(FRA_TABLE, shortTable),
        attributes.text(FRA_IIFNAME).orElse(null));
  }
}
