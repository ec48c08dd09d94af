package io.podwire.agent.tunnel;

import io.podwire.linux.Link;
import io.podwire.linux.LinuxException;
import io.podwire.linux.MulticastGroups;
import io.podwire.linux.PacketSocket;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.neighbor.DiscoveryFrames;
import io.podwire.netstack.neighbor.DiscoveryView;
import io.podwire.packet.EtherType;
import io.podwire.packet.EthernetView;
import io.podwire.packet.Icmpv6Type;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.Ipv6View;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** IPv6's way (RFC 4861, sections 7.2.4 and 7.2.6). */
final class DiscoveryAnswers implements AddressAnswers {

  private static final Logger LOG = LoggerFactory.getLogger(DiscoveryAnswers.class);

  private static final int NEXT_HEADER = EthernetView.HEADER_LENGTH + 6;
  private static final int TYPE = EthernetView.HEADER_LENGTH + Ipv6View.HEADER_LENGTH;

  private final MacAddress mac;
  private final MulticastGroups groups;
  private final DiscoveryView view = new DiscoveryView();

  private DiscoveryAnswers(MacAddress mac, MulticastGroups groups) {
    this.mac = mac;
    this.groups = groups;
  }

  /** In the calling thread's network namespace. */
  static DiscoveryAnswers on(Link link, MacAddress mac) {
    return new DiscoveryAnswers(mac, MulticastGroups.open(link.index()));
  }

  /**
   * Hears the link's solicitations, in the calling thread's network namespace: all the other IPv6
   * frames, tunnels' among them, do not come here.
   */
  static PacketSocket listen(Link link) {
    return PacketSocket.open(
        link.index(),
        EtherType.IPV6,
        new PacketSocket.Octet(NEXT_HEADER, IpProtocol.ICMPV6),
        new PacketSocket.Octet(TYPE, Icmpv6Type.NEIGHBOR_SOLICITATION));
  }

  /** Questions are sent to a group of the address; a switch passes them on to its members alone. */
  @Override
  public void replace(Set<IpAddress> addresses) {
    Set<IpAddress> wanted = new HashSet<>();
    addresses.forEach(address -> wanted.add(DiscoveryFrames.solicitedNode(address)));
    try {
      groups.replace(wanted);
    } catch (LinuxException e) {
      LOG.warn("a load balancer's address may not be found from everywhere: {}", e.getMessage());
    }
  }

  @Override
  public @Nullable Frame answer(byte[] question, Set<IpAddress> addresses) {
    if (question.length < EthernetView.HEADER_LENGTH) {
      return null;
    }
    Frame frame = Frame.allocate(question.length);
    frame.reset(Frame.HEADROOM, question.length);
    frame.buffer().put(frame.start(), question);
    return view.read(frame) && view.isSolicitation() && addresses.contains(view.target())
        ? DiscoveryFrames.advertisement(view, mac)
        : null;
  }

  @Override
  public Frame announcement(IpAddress address) {
    return DiscoveryFrames.announcement(mac, address);
  }

  @Override
  public void close() {
    groups.close();
  }
}
