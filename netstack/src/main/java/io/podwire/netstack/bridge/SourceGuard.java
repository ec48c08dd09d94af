package io.podwire.netstack.bridge;

import io.podwire.netstack.link.DropReason;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.neighbor.DiscoveryFrames;
import io.podwire.packet.ArpView;
import io.podwire.packet.Defect;
import io.podwire.packet.EtherType;
import io.podwire.packet.EthernetView;
import io.podwire.packet.Icmpv6Type;
import io.podwire.packet.Icmpv6View;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.Ipv4View;
import io.podwire.packet.Ipv6View;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets a port send only with the MAC and the addresses assigned to it, in Ethernet, ARP, IPv4, IPv6
 * and neighbour discovery, and with the link-local address that belongs to the MAC.
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
public final class SourceGuard {

  private final boolean enabled;
  private final long mac;
  private final @Nullable IpAddress ipv4Address;
  private final @Nullable IpAddress ipv6Address;
  private final IpAddress linkLocal;
  private final EthernetView ethernet = new EthernetView();
  private final ArpView arp = new ArpView();
  private final Ipv4View ipv4 = new Ipv4View();
  private final Ipv6View ipv6 = new Ipv6View();
  private final Icmpv6View icmp = new Icmpv6View();

  private SourceGuard(boolean enabled, MacAddress mac, List<IpAddress> addresses) {
    this.enabled = enabled;
    this.mac = mac.value();
    this.ipv4Address = first(addresses, true);
    this.ipv6Address = first(addresses, false);
    this.linkLocal = DiscoveryFrames.linkLocal(mac);
  }

  private static @Nullable IpAddress first(List<IpAddress> addresses, boolean ipv4) {
    return addresses.stream().filter(address -> address.isIpv4() == ipv4).findFirst().orElse(null);
  }

  public static SourceGuard only(MacAddress mac, IpAddress ip) {
    return only(mac, List.of(ip));
  }

  /** At most one address of each family. */
  public static SourceGuard only(MacAddress mac, List<IpAddress> addresses) {
    return new SourceGuard(true, mac, addresses);
  }

  /** Accepts any source, for experiments with spoofing. */
  public static SourceGuard off() {
    return new SourceGuard(false, MacAddress.ZERO, List.of());
  }

  /** The reason to drop a frame, or null where its source is right. */
  public @Nullable DropReason check(Frame frame) {
    if (!enabled) {
      return null;
    }
    ethernet.wrap(frame.buffer(), frame.start(), frame.length());
    if (ethernet.source() != mac) {
      return DropReason.SPOOFED_MAC;
    }
    int payload = ethernet.payloadOffset();
    int length = frame.end() - payload;
    return switch (ethernet.etherType()) {
      case EtherType.ARP -> {
        if (arp.wrap(frame.buffer(), payload, length).check() != Defect.NONE) {
          yield DropReason.MALFORMED_ARP;
        }
        // A probe (RFC 5227) carries no sender address yet.
        boolean ours = isOurs(arp.senderIp()) || arp.senderIp() == 0;
        yield arp.senderMac() != mac ? DropReason.SPOOFED_MAC : ours ? null : DropReason.SPOOFED_IP;
      }
      case EtherType.IPV4 ->
          ipv4.wrap(frame.buffer(), payload, length).check() != Defect.NONE
              ? DropReason.MALFORMED_IPV4
              : isOurs(ipv4.source()) ? null : DropReason.SPOOFED_IP;
      case EtherType.IPV6 -> checkIpv6(frame, payload, length);
      default -> null;
    };
  }

  private boolean isOurs(int address) {
    return ipv4Address != null && ipv4Address.low() == IpAddress.mapped(address);
  }

  private boolean isOurs(long high, long low) {
    return ipv6Address != null && ipv6Address.low() == low && ipv6Address.high() == high
        || linkLocal.low() == low && linkLocal.high() == high;
  }

  private @Nullable DropReason checkIpv6(Frame frame, int payload, int length) {
    if (ipv6.wrap(frame.buffer(), payload, length).check() != Defect.NONE) {
      return DropReason.MALFORMED_IPV6;
    }
    boolean discovers = ipv6.transportProtocol() == IpProtocol.ICMPV6;
    boolean unspecified = (ipv6.sourceHigh() | ipv6.sourceLow()) == 0;
    // Who makes sure that its address is nobody else's, or joins a group, has none yet.
    boolean joins = unspecified && discovers && ipv6.destinationHigh() >>> 56 == 0xff;
    if (!joins && !isOurs(ipv6.sourceHigh(), ipv6.sourceLow())) {
      return DropReason.SPOOFED_IP;
    }
    return discovers ? checkDiscovery(frame) : null;
  }

  /** Nobody may answer for others, nor be a router (RFC 6105 has bridges see to the latter). */
  private @Nullable DropReason checkDiscovery(Frame frame) {
    int length = ipv6.transportLength();
    icmp.wrap(frame.buffer(), ipv6.transportOffset(), length);
    if (ipv6.fragmentOffset() > 0 || icmp.checkQuoted() != Defect.NONE || !icmp.isDiscovery()) {
      return null;
    }
    if (ipv6.isFragment() || icmp.check() != Defect.NONE) {
      return DropReason.MALFORMED_DISCOVERY;
    }
    return switch (icmp.type()) {
      case Icmpv6Type.ROUTER_ADVERTISEMENT, Icmpv6Type.REDIRECT -> DropReason.SPOOFED_IP;
      case Icmpv6Type.NEIGHBOR_ADVERTISEMENT ->
          !isOurs(icmp.targetHigh(), icmp.targetLow())
              ? DropReason.SPOOFED_IP
              : checkLinkLayer(icmp.targetLinkLayer());
      default -> checkLinkLayer(icmp.sourceLinkLayer());
    };
  }

  private @Nullable DropReason checkLinkLayer(long told) {
    return told == -1 || told == mac ? null : DropReason.SPOOFED_MAC;
  }
}
