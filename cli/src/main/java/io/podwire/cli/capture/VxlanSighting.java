package io.podwire.cli.capture;

import io.podwire.packet.Defect;
import io.podwire.packet.EtherType;
import io.podwire.packet.EthernetView;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.Ipv4View;
import io.podwire.packet.Ipv6View;
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
 * @param innerProtocol of the inner IP packet
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

  /** What is read of an IP packet; {@code offset} and {@code length} are its payload's. */
  private record Packet(
      IpAddress source, IpAddress destination, int protocol, int offset, int length) {}

  /** Reads a frame; empty where it is no IP packet in VXLAN to that port. */
  public static Optional<VxlanSighting> parse(ByteBuffer frame, int port) {
    Optional<Packet> outer = packet(frame, 0, frame.limit());
    if (outer.isEmpty() || outer.get().protocol() != IpProtocol.UDP) {
      return Optional.empty();
    }
    Packet packet = outer.get();
    UdpView udp = new UdpView().wrap(frame, packet.offset(), packet.length());
    if (udp.check() != Defect.NONE || udp.destinationPort() != port) {
      return Optional.empty();
    }
    VxlanView vxlan = new VxlanView().wrap(frame, udp.payloadOffset(), udp.payloadLength());
    if (vxlan.check() != Defect.NONE) {
      return Optional.empty();
    }
    return packet(frame, vxlan.payloadOffset(), vxlan.payloadLength())
        .map(inner ->
            new VxlanSighting(
                packet.source(),
                udp.sourcePort(),
                packet.destination(),
                port,
                vxlan.vni(),
                inner.source(),
                inner.destination(),
                inner.protocol()));
  }

  private static Optional<Packet> packet(ByteBuffer frame, int offset, int length) {
    EthernetView ethernet = new EthernetView().wrap(frame, offset, length);
    if (ethernet.check() != Defect.NONE) {
      return Optional.empty();
    }
    return switch (ethernet.etherType()) {
      case EtherType.IPV4 -> ipv4(frame, ethernet.payloadOffset(), ethernet.payloadLength());
      case EtherType.IPV6 -> ipv6(frame, ethernet.payloadOffset(), ethernet.payloadLength());
      default -> Optional.empty();
    };
  }

  private static Optional<Packet> ipv4(ByteBuffer frame, int offset, int length) {
    Ipv4View packet = new Ipv4View().wrap(frame, offset, length);
    return packet.check() == Defect.NONE && !packet.isFragment()
        ? Optional.of(
            new Packet(
                IpAddress.ofIpv4(packet.source()),
                IpAddress.ofIpv4(packet.destination()),
                packet.protocol(),
                packet.payloadOffset(),
                packet.payloadLength()))
        : Optional.empty();
  }

  private static Optional<Packet> ipv6(ByteBuffer frame, int offset, int length) {
    Ipv6View packet = new Ipv6View().wrap(frame, offset, length);
    return packet.check() == Defect.NONE && !packet.isFragment()
        ? Optional.of(
            new Packet(
                new IpAddress(packet.sourceHigh(), packet.sourceLow()),
                new IpAddress(packet.destinationHigh(), packet.destinationLow()),
                packet.transportProtocol(),
                packet.transportOffset(),
                packet.transportLength()))
        : Optional.empty();
  }

  /** As tcpdump writes it, in one line. */
  public String text() {
    return family(from)
        + " "
        + from
        + "."
        + sourcePort
        + " > "
        + to
        + "."
        + port
        + ": VXLAN, vni "
        + vni
        + ": "
        + family(innerFrom)
        + " "
        + innerFrom
        + " > "
        + innerTo
        + ", protocol "
        + innerProtocol;
  }

  private static String family(IpAddress address) {
    return address.isIpv4() ? "IP" : "IP6";
  }
}
