package io.podwire.netstack.bridge;

import io.podwire.netstack.link.DropReason;
import io.podwire.netstack.link.Frame;
import io.podwire.packet.ArpView;
import io.podwire.packet.Defect;
import io.podwire.packet.EtherType;
import io.podwire.packet.EthernetView;
import io.podwire.packet.Ipv4View;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import org.jspecify.annotations.Nullable;

/**
 * Lets a port send only with the MAC and IPv4 address assigned to it, in Ethernet, ARP and IPv4.
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
public final class SourceGuard {

  private final boolean enabled;
  private final long mac;
  private final int ip;
  private final EthernetView ethernet = new EthernetView();
  private final ArpView arp = new ArpView();
  private final Ipv4View ipv4 = new Ipv4View();

  private SourceGuard(boolean enabled, long mac, int ip) {
    this.enabled = enabled;
    this.mac = mac;
    this.ip = ip;
  }

  public static SourceGuard only(MacAddress mac, IpAddress ip) {
    return new SourceGuard(true, mac.value(), ip.ipv4Bits());
  }

  /** Accepts any source, for experiments with spoofing. */
  public static SourceGuard off() {
    return new SourceGuard(false, 0, 0);
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
        boolean ours = arp.senderIp() == ip || arp.senderIp() == 0;
        yield arp.senderMac() != mac ? DropReason.SPOOFED_MAC : ours ? null : DropReason.SPOOFED_IP;
      }
      case EtherType.IPV4 ->
          ipv4.wrap(frame.buffer(), payload, length).check() != Defect.NONE
              ? DropReason.MALFORMED_IPV4
              : ipv4.source() == ip ? null : DropReason.SPOOFED_IP;
      default -> null;
    };
  }
}
