package io.podwire.linux;

import io.podwire.packet.addr.Cidr;
import org.jspecify.annotations.Nullable;

/**
 * A policy routing rule: what matches is looked up in that table.
 *
 * @param priority lower is asked first
 * @param from source network, or null for any
 * @param to destination network, or null for any
 * @param ipProtocol IANA protocol number, or 0 for any
 * @param firstPort lowest destination port, or 0 for any
 * @param lastPort highest destination port, inclusive
 * @param table see {@link Route#table}
 * @param arrivingOn the link that packets come in by, or null for any
 */
public record RoutingRule(
    int priority,
    @Nullable Cidr from,
    @Nullable Cidr to,
    int ipProtocol,
    int firstPort,
    int lastPort,
    int table,
    @Nullable String arrivingOn) {

  /** Everything to that network. */
  public static RoutingRule to(Cidr to, int priority, int table) {
    return new RoutingRule(priority, null, to, 0, 0, 0, table, null);
  }

  /** Everything from that network. */
  public static RoutingRule from(Cidr from, int priority, int table) {
    return new RoutingRule(priority, from, null, 0, 0, 0, table, null);
  }

  /** Of these packets only those of one protocol to a range of destination ports. */
  public RoutingRule ports(int protocol, int first, int last) {
    return new RoutingRule(priority, from, to, protocol, first, last, table, arrivingOn);
  }

  /** Of these packets only those that come in by one link. */
  public RoutingRule arriving(String link) {
    return new RoutingRule(priority, from, to, ipProtocol, firstPort, lastPort, table, link);
  }

  boolean isIpv4() {
    return to != null ? to.isIpv4() : from == null || from.isIpv4();
  }
}
