package io.podwire.netstack.filter;

import io.podwire.netstack.link.DropReason;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.link.Frame.SegmentType;
import io.podwire.netstack.route.Route;
import io.podwire.packet.Defect;
import io.podwire.packet.EtherType;
import io.podwire.packet.IcmpView;
import io.podwire.packet.Icmpv6View;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.Ipv4View;
import io.podwire.packet.Ipv6View;
import io.podwire.packet.TcpView;
import io.podwire.packet.UdpView;
import io.podwire.packet.addr.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * An IP packet on its way through the hooks: where its headers are, its five-tuple as it stands
 * now, and what connection tracking knows of it.
 *
 * <p>Reused for every packet. Not thread-safe; confined to the node's event loop.
 */
public final class Packet {

  private final Ipv4View ipv4 = new Ipv4View();
  private final Ipv6View ipv6 = new Ipv6View();
  private final UdpView udp = new UdpView();
  private final TcpView tcp = new TcpView();
  private final IcmpView icmp = new IcmpView();
  private final Icmpv6View icmpv6 = new Icmpv6View();
  private final FlowKey key = new FlowKey();
  private final FlowKey quoted = new FlowKey();
  private final FlowKey quotedAnswer = new FlowKey();

  private Frame frame;
  private @Nullable Route route;
  private boolean isIpv4 = true;
  private int length;
  private int transportOffset;
  private boolean laterFragment;
  private boolean icmpError;
  private boolean fromNode;
  private boolean marked;
  private boolean imitable;
  private DropReason dropReason = DropReason.NO_ROUTE;

  @Nullable Connection connection;
  boolean reply;
  boolean related;

  public Packet(Frame initial) {
    this.frame = initial;
  }

  /**
   * Reads the headers of an IP packet of the family that its Ethernet header names.
   *
   * @param offset where the packet begins, right behind an untagged Ethernet header
   * @return the reason to drop it, or null
   */
  public @Nullable DropReason parse(Frame frame, int offset) {
    this.frame = frame;
    fromNode = false;
    marked = false;
    imitable = true;
    route = null;
    connection = null;
    reply = false;
    related = false;
    icmpError = false;
    laterFragment = false;
    isIpv4 = (frame.buffer().getShort(offset - Short.BYTES) & 0xffff) != EtherType.IPV6;
    return isIpv4 ? parseIpv4(offset) : parseIpv6(offset);
  }

  private @Nullable DropReason parseIpv4(int offset) {
    if (ipv4.wrap(frame.buffer(), offset, frame.end() - offset).check() != Defect.NONE) {
      return DropReason.MALFORMED_IPV4;
    }
    // Ethernet pads short frames; what follows the IP packet is not part of it.
    length = ipv4.totalLength();
    transportOffset = ipv4.payloadOffset();
    frame.truncate(offset - frame.start() + length);
    key.sourceHigh = 0;
    key.sourceLow = IpAddress.mapped(ipv4.source());
    key.destinationHigh = 0;
    key.destinationLow = IpAddress.mapped(ipv4.destination());
    key.protocol = ipv4.protocol();
    key.sourcePort = 0;
    key.destinationPort = 0;
    laterFragment = ipv4.fragmentOffset() > 0;
    return parseRest(ipv4.isFragment());
  }

  private @Nullable DropReason parseIpv6(int offset) {
    if (ipv6.wrap(frame.buffer(), offset, frame.end() - offset).check() != Defect.NONE) {
      return DropReason.MALFORMED_IPV6;
    }
    length = Ipv6View.HEADER_LENGTH + ipv6.payloadLength();
    transportOffset = ipv6.transportOffset();
    frame.truncate(offset - frame.start() + length);
    key.sourceHigh = ipv6.sourceHigh();
    key.sourceLow = ipv6.sourceLow();
    key.destinationHigh = ipv6.destinationHigh();
    key.destinationLow = ipv6.destinationLow();
    // In the tables a mapped address is an IPv4 address: on a link it must not be (RFC 4038).
    if (IpAddress.isIpv4(key.sourceHigh, key.sourceLow)
        || IpAddress.isIpv4(key.destinationHigh, key.destinationLow)) {
      return DropReason.MALFORMED_IPV6;
    }
    key.protocol = ipv6.transportProtocol();
    key.sourcePort = 0;
    key.destinationPort = 0;
    laterFragment = ipv6.fragmentOffset() > 0;
    return parseRest(ipv6.isFragment());
  }

  private @Nullable DropReason parseRest(boolean fragment) {
    boolean whole = settleChecksum(fragment) && (laterFragment || parseTransport());
    return whole ? null : DropReason.MALFORMED_TRANSPORT;
  }

  /**
   * Completes a checksum that was left to the device but is not that of this packet's own transport
   * header: translation keeps up no other. False where it lies outside the packet's payload.
   */
  private boolean settleChecksum(boolean fragment) {
    if (!frame.checksumPending()) {
      // Whoever leaves segmentation to the device leaves the checksum too.
      return frame.segmentSize() == 0;
    }
    int transport = transportOffset - frame.start();
    boolean own =
        !fragment
            && frame.checksumStart() == transport
            && frame.checksumOffset() == ownChecksumOffset();
    if (own) {
      return frame.segmentSize() == 0 || isOwnSegmentType();
    }
    if (frame.segmentSize() > 0
        || frame.checksumStart() < transport
        || !frame.holdsPendingChecksum()) {
      return false;
    }
    frame.completeChecksum();
    return true;
  }

  private boolean isOwnSegmentType() {
    SegmentType type = frame.segmentType();
    SegmentType tcpType = isIpv4 ? SegmentType.TCP4 : SegmentType.TCP6;
    return type == (key.protocol == IpProtocol.TCP ? tcpType : SegmentType.UDP);
  }

  private int ownChecksumOffset() {
    return switch (key.protocol) {
      case IpProtocol.TCP -> TcpView.CHECKSUM_OFFSET;
      case IpProtocol.UDP -> UdpView.CHECKSUM_OFFSET;
      default -> -1;
    };
  }

  private boolean parseTransport() {
    int offset = transportOffset;
    int length = frame.end() - offset;
    switch (key.protocol) {
      case IpProtocol.TCP -> {
        if (tcp.wrap(frame.buffer(), offset, length).check() != Defect.NONE) {
          return false;
        }
        key.sourcePort = tcp.sourcePort();
        key.destinationPort = tcp.destinationPort();
      }
      case IpProtocol.UDP -> {
        // The first fragment of a datagram is shorter than its length field says.
        if (length < UdpView.HEADER_LENGTH
            || udp.wrap(frame.buffer(), offset, length).check() != Defect.NONE
                && !moreFragments()) {
          return false;
        }
        key.sourcePort = udp.sourcePort();
        key.destinationPort = udp.destinationPort();
      }
      case IpProtocol.ICMP -> {
        return !isIpv4 || parseIcmp(offset, length);
      }
      case IpProtocol.ICMPV6 -> {
        return isIpv4 || parseIcmpv6(offset, length);
      }
      default -> {}
    }
    return true;
  }

  private boolean parseIcmp(int offset, int length) {
    if (icmp.wrap(frame.buffer(), offset, length).checkQuoted() != Defect.NONE) {
      return false;
    }
    int type = icmp.type();
    key.destinationPort = type;
    if (type == FlowKey.ECHO_REQUEST || type == FlowKey.ECHO_REPLY) {
      key.sourcePort = icmp.identifier();
    } else {
      // A quoted packet may be rewritten and the checksum made anew: never over damaged bytes.
      if (icmp.isError() && icmp.check() != Defect.NONE) {
        return false;
      }
      icmpError = icmp.isError() && readQuoted(icmp.bodyOffset());
    }
    return true;
  }

  private boolean parseIcmpv6(int offset, int length) {
    if (icmpv6.wrap(frame.buffer(), offset, length).checkQuoted() != Defect.NONE) {
      return false;
    }
    key.destinationPort = icmpv6.type();
    if (icmpv6.isEcho()) {
      key.sourcePort = icmpv6.identifier();
    } else if (icmpv6.isError()) {
      // As in ICMP: never over damaged bytes, and a fragment cannot be summed.
      if (moreFragments() || !icmpv6.isIntact(ipv6.pseudoHeader())) {
        return false;
      }
      icmpError = readQuoted(icmpv6.bodyOffset());
    }
    return true;
  }

  private boolean readQuoted(int offset) {
    boolean read = QuotedPacket.read(frame, offset, isIpv4, quoted);
    quotedAnswer.invert(quoted);
    return read;
  }

  public Frame frame() {
    return frame;
  }

  /** Its family: IPv4, or else IPv6. */
  public boolean isIpv4() {
    return isIpv4;
  }

  /** Valid for IPv4 packets. */
  public Ipv4View ipv4() {
    return ipv4;
  }

  /** Valid for IPv6 packets. */
  public Ipv6View ipv6() {
    return ipv6;
  }

  /** Octets of the IP packet, headers included. */
  public int length() {
    return length;
  }

  /** Where in the buffer the transport header begins, or a later fragment's data. */
  public int transportOffset() {
    return transportOffset;
  }

  /** Time to live, or hop limit. */
  public int hopsLeft() {
    return isIpv4 ? ipv4.timeToLive() : ipv6.hopLimit();
  }

  /** Takes one from the time to live or hop limit. */
  public void countHop() {
    if (isIpv4) {
      ipv4.decrementTimeToLive();
    } else {
      ipv6.decrementHopLimit();
    }
  }

  /** Whether a router may cut it for a link that is too small: never in IPv6. */
  public boolean mayBeFragmented() {
    return isIpv4 && !ipv4.dontFragment();
  }

  boolean moreFragments() {
    return isIpv4 ? ipv4.moreFragments() : ipv6.moreFragments();
  }

  /** What the fragments of one datagram have in common. */
  int identification() {
    return isIpv4 ? ipv4.identification() : ipv6.fragmentIdentification();
  }

  /** Valid for TCP packets that are not later fragments. */
  public TcpView tcp() {
    return tcp;
  }

  UdpView udp() {
    return udp;
  }

  IcmpView icmp() {
    return icmp;
  }

  Icmpv6View icmpv6() {
    return icmpv6;
  }

  /** The tuple as it stands now, after the translations made so far. */
  public FlowKey key() {
    return key;
  }

  /** The answer to the packet that an ICMP error quotes: it travels the error's way. */
  FlowKey quotedAnswer() {
    return quotedAnswer;
  }

  /** Where it goes; null before routing. */
  public @Nullable Route route() {
    return route;
  }

  public void setRoute(Route route) {
    this.route = route;
  }

  /** Makes an ICMP error or a reset of our own part of the connection that it is about. */
  public void attach(@Nullable Connection connection, boolean reply) {
    this.connection = connection;
    this.reply = reply;
    this.related = true;
  }

  /** Whether it is a part of a larger packet, the first one or a later one. */
  public boolean isFragment() {
    return isIpv4() ? ipv4.isFragment() : ipv6.isFragment();
  }

  /** A fragment that carries no transport header. */
  public boolean isLaterFragment() {
    return laterFragment;
  }

  boolean isIcmpError() {
    return icmpError;
  }

  /** Whether the node's own kernel has sent it. */
  public boolean isFromNode() {
    return fromNode;
  }

  public void setFromNode(boolean fromNode) {
    this.fromNode = fromNode;
  }

  /** Whether its connection's source is to be replaced, as kube-proxy's mark 0x4000 says. */
  public boolean isMarked() {
    return marked;
  }

  public void mark() {
    marked = true;
  }

  public @Nullable Connection connection() {
    return connection;
  }

  /** Whether it travels against the direction of the connection's first packet. */
  public boolean isReply() {
    return reply;
  }

  /** Whether it is the first packet of a connection that is not confirmed yet. */
  public boolean isNew() {
    return connection != null && !connection.confirmed && !reply;
  }

  /**
   * Says that this packet's flow must go on passing the hooks: for those whose verdict on packets
   * of a known connection is not always the same while nothing has changed.
   */
  public void forbidImitation() {
    imitable = false;
  }

  /** Whether the packets that follow it may be treated as this one was, without the hooks. */
  public boolean mayBeImitated() {
    return imitable;
  }

  public DropReason dropReason() {
    return dropReason;
  }

  /** The verdict to return from a hook, with its reason noted. */
  public Verdict drop(DropReason reason) {
    dropReason = reason;
    return Verdict.DROP;
  }

  public Verdict reject(DropReason reason) {
    dropReason = reason;
    return Verdict.REJECT;
  }
}
