package io.podwire.netstack.filter;

import io.podwire.netstack.link.DropReason;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.link.Frame.SegmentType;
import io.podwire.netstack.route.Route;
import io.podwire.packet.Defect;
import io.podwire.packet.IcmpView;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.Ipv4View;
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
  private final UdpView udp = new UdpView();
  private final TcpView tcp = new TcpView();
  private final IcmpView icmp = new IcmpView();
  private final FlowKey key = new FlowKey();
  private final FlowKey quoted = new FlowKey();
  private final FlowKey quotedAnswer = new FlowKey();

  private Frame frame;
  private @Nullable Route route;
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
   * Reads the headers of an IPv4 packet.
   *
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
    if (ipv4.wrap(frame.buffer(), offset, frame.end() - offset).check() != Defect.NONE) {
      return DropReason.MALFORMED_IPV4;
    }
    // Ethernet pads short frames; what follows the IP packet is not part of it.
    frame.truncate(offset - frame.start() + ipv4.totalLength());
    key.sourceHigh = 0;
    key.sourceLow = IpAddress.mapped(ipv4.source());
    key.destinationHigh = 0;
    key.destinationLow = IpAddress.mapped(ipv4.destination());
    key.protocol = ipv4.protocol();
    key.sourcePort = 0;
    key.destinationPort = 0;
    laterFragment = ipv4.fragmentOffset() > 0;
    boolean whole = settleChecksum() && (laterFragment || parseTransport());
    return whole ? null : DropReason.MALFORMED_TRANSPORT;
  }

  /**
   * Completes a checksum that was left to the device but is not that of this packet's own transport
   * header: translation keeps up no other. False where it lies outside the packet's payload.
   */
  private boolean settleChecksum() {
    if (!frame.checksumPending()) {
      // Whoever leaves segmentation to the device leaves the checksum too.
      return frame.segmentSize() == 0;
    }
    int transport = ipv4.payloadOffset() - frame.start();
    boolean own =
        !ipv4.isFragment()
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
    return type == (key.protocol == IpProtocol.TCP ? SegmentType.TCP4 : SegmentType.UDP);
  }

  private int ownChecksumOffset() {
    return switch (key.protocol) {
      case IpProtocol.TCP -> TcpView.CHECKSUM_OFFSET;
      case IpProtocol.UDP -> UdpView.CHECKSUM_OFFSET;
      default -> -1;
    };
  }

  private boolean parseTransport() {
    int offset = ipv4.payloadOffset();
    int length = ipv4.payloadLength();
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
                && !ipv4.moreFragments()) {
          return false;
        }
        key.sourcePort = udp.sourcePort();
        key.destinationPort = udp.destinationPort();
      }
      case IpProtocol.ICMP -> {
        return parseIcmp(offset, length);
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
      icmpError = icmp.isError() && QuotedPacket.read(frame.buffer(), icmp, quoted);
      quotedAnswer.invert(quoted);
    }
    return true;
  }

  public Frame frame() {
    return frame;
  }

  public Ipv4View ipv4() {
    return ipv4;
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

  /** A fragment that carries no transport header. */
  boolean isLaterFragment() {
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
