package io.podwire.cli.capture;

import io.podwire.packet.Defect;
import io.podwire.packet.EtherType;
import io.podwire.packet.EthernetView;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.Ipv4View;
import io.podwire.packet.UdpView;
import io.podwire.packet.VxlanView;
import io.podwire.packet.addr.IpAddress;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A packet of a Pod inside VXLAN, as it was seen on the node network (RFC 7348).
 *
 * @param from the sending node
 * @param sourcePort chosen by the inner flow
 * @param to the receiving node
 * @param port the tunnel's
 * @param innerFrom the sending Pod
 * @param innerTo the receiving Pod
 * @param innerProtocol of the inner IPv4 packet
 */
public record VxlanSighting(
    IpAddress from,
    int sourcePort,
    IpAddress to,
    int port,
    int vni,
    IpAddress innerFrom,
    IpAddress innerTo,
    int innerProtocol) {

  /** Reads a frame; empty where it is no IPv4 packet in VXLAN to that port. */
  public static Optional<VxlanSighting> parse(ByteBuffer frame, int port) {
    Optional<Ipv4View> outer = ipv4(frame, 0, frame.limit());
    if (outer.isEmpty() || outer.get().protocol() != IpProtocol.UDP) {
      return Optional.empty();
    }
    Ipv4View packet = outer.get();
    UdpView udp = new UdpView().wrap(frame, packet.payloadOffset(), packet.payloadLength());
    if (udp.check() != Defect.NONE || udp.destinationPort() != port) {
      return Optional.empty();
    }
    VxlanView vxlan = new VxlanView().wrap(frame, udp.payloadOffset(), udp.payloadLength());
    if (vxlan.check() != Defect.NONE) {
      return Optional.empty();
    }
    return ipv4(frame, vxlan.payloadOffset(), vxlan.payloadLength())
        .map(inner ->
            new VxlanSighting(
                IpAddress.ofIpv4(packet.source()),
                udp.sourcePort(),
                IpAddress.ofIpv4(packet.destination()),
                port,
                vxlan.vni(),
                IpAddress.ofIpv4(inner.source()),
                IpAddress.ofIpv4(inner.destination()),
                inner.protocol()));
  }

  private static Optional<Ipv4View> ipv4(ByteBuffer frame, int offset, int length) {
    EthernetView ethernet = new EthernetView().wrap(frame, offset, length);
    if (ethernet.check() != Defect.NONE || ethernet.etherType() != EtherType.IPV4) {
      return Optional.empty();
    }
    Ipv4View packet =
        new Ipv4View().wrap(frame, ethernet.payloadOffset(), ethernet.payloadLength());
    return packet.check() == Defect.NONE && !packet.isFragment()
        ? Optional.of(packet)
        : Optional.empty();
  }

  /** As tcpdump writes it, in one line. */
  public String text() {
    return "IP "
        + from
        + "."
        + sourcePort
        + " > "
        + to
        + "."
        + port
        + ": VXLAN, vni "
        + vni
        + ": IP "
        + innerFrom
        + " > "
        + innerTo
        + ", protocol "
        + innerProtocol;
  }
}
