package io.podwire.packet.filter;

import io.podwire.packet.ArpView;
import io.podwire.packet.Defect;
import io.podwire.packet.EtherType;
import io.podwire.packet.EthernetView;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.Ipv4View;
import io.podwire.packet.Ipv6View;
import io.podwire.packet.TcpView;
import io.podwire.packet.addr.IpAddress;
import java.nio.ByteBuffer;

/**
 * The addresses, ports and flags of one Ethernet frame, whose end may be cut off.
 *
 * <p>What the frame does not have is {@link #NONE}. Reused for every frame, without allocation; not
 * thread-safe.
 */
public final class FrameHeaders {

  /** There is no such field in the frame. */
  public static final int NONE = -1;

  private static final int PORTS = 4;

  private final EthernetView ethernet = new EthernetView();
  private final ArpView arp = new ArpView();
  private final Ipv4View ipv4 = new Ipv4View();
  private final Ipv6View ipv6 = new Ipv6View();
  private final TcpView tcp = new TcpView();

  private int etherType;
  private int protocol;
  private boolean addressed;
  private long sourceHigh;
  private long sourceLow;
  private long destinationHigh;
  private long destinationLow;
  private int sourcePort;
  private int destinationPort;
  private int tcpFlags;
  private int transport;

  /** Reads a frame, of which these octets are there. */
  public FrameHeaders read(ByteBuffer buffer, int offset, int length) {
    etherType = NONE;
    protocol = NONE;
    addressed = false;
    sourcePort = NONE;
    destinationPort = NONE;
    tcpFlags = NONE;
    transport = NONE;
    if (ethernet.wrap(buffer, offset, length).check() != Defect.NONE) {
      return this;
    }
    etherType = ethernet.etherType();
    int at = ethernet.payloadOffset();
    int end = offset + length;
    switch (etherType) {
      case EtherType.IPV4 -> readIpv4(buffer, at, end);
      case EtherType.IPV6 -> readIpv6(buffer, at, end);
      case EtherType.ARP -> readArp(buffer, at, end);
      default -> {}
    }
    return this;
  }

  private void readIpv4(ByteBuffer buffer, int at, int end) {
    if (ipv4.wrap(buffer, at, end - at).checkQuoted() != Defect.NONE) {
      return;
    }
    protocol = ipv4.protocol();
    addresses(0, IpAddress.mapped(ipv4.source()), 0, IpAddress.mapped(ipv4.destination()));
    if (ipv4.fragmentOffset() == 0) {
      readTransport(buffer, ipv4.payloadOffset(), end);
    }
  }

  private void readIpv6(ByteBuffer buffer, int at, int end) {
    if (ipv6.wrap(buffer, at, end - at).checkQuoted() != Defect.NONE) {
      return;
    }
    protocol = ipv6.transportProtocol();
    addresses(ipv6.sourceHigh(), ipv6.sourceLow(), ipv6.destinationHigh(), ipv6.destinationLow());
    if (ipv6.fragmentOffset() == 0) {
      readTransport(buffer, ipv6.transportOffset(), end);
    }
  }

  private void readArp(ByteBuffer buffer, int at, int end) {
    if (arp.wrap(buffer, at, end - at).check() == Defect.NONE) {
      addresses(0, IpAddress.mapped(arp.senderIp()), 0, IpAddress.mapped(arp.targetIp()));
    }
  }

  private void addresses(long fromHigh, long fromLow, long toHigh, long toLow) {
    addressed = true;
    sourceHigh = fromHigh;
    sourceLow = fromLow;
    destinationHigh = toHigh;
    destinationLow = toLow;
  }

  private void readTransport(ByteBuffer buffer, int at, int end) {
    transport = at;
    boolean ported =
        protocol == IpProtocol.TCP || protocol == IpProtocol.UDP || protocol == IpProtocol.SCTP;
    if (!ported || at + PORTS > end) {
      return;
    }
    sourcePort = Short.toUnsignedInt(buffer.getShort(at));
    destinationPort = Short.toUnsignedInt(buffer.getShort(at + 2));
    if (protocol == IpProtocol.TCP && at + TcpView.HEADER_LENGTH <= end) {
      tcpFlags = tcp.wrap(buffer, at, end - at).flags();
    }
  }

  public int etherType() {
    return etherType;
  }

  /** The transport protocol's number. */
  public int protocol() {
    return protocol;
  }

  /** Whether there are addresses: of IP, or those that an ARP message speaks of. */
  public boolean hasAddresses() {
    return addressed;
  }

  public IpAddress source() {
    return new IpAddress(sourceHigh, sourceLow);
  }

  public IpAddress destination() {
    return new IpAddress(destinationHigh, destinationLow);
  }

  long sourceHigh() {
    return sourceHigh;
  }

  long sourceLow() {
    return sourceLow;
  }

  long destinationHigh() {
    return destinationHigh;
  }

  long destinationLow() {
    return destinationLow;
  }

  public int sourcePort() {
    return sourcePort;
  }

  public int destinationPort() {
    return destinationPort;
  }

  public int tcpFlags() {
    return tcpFlags;
  }

  /** Where in the buffer the transport header begins; none in later fragments. */
  public int transportOffset() {
    return transport;
  }
}
