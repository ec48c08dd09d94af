package io.podwire.netstack.wire;

import io.podwire.netstack.link.Frame;
import io.podwire.packet.Checksum;
import io.podwire.packet.EtherType;
import io.podwire.packet.EthernetView;
import io.podwire.packet.IcmpType;
import io.podwire.packet.IcmpView;
import io.podwire.packet.Icmpv6Type;
import io.podwire.packet.Icmpv6View;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.Ipv4View;
import io.podwire.packet.Ipv6View;
import io.podwire.packet.TcpFlags;
import io.podwire.packet.TcpView;
import io.podwire.packet.UdpView;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** An IP packet for a test to send: {@code udp(from, to).ports(4000, 53).payload("hello")}. */
public final class PacketBuilder {

  private static final int FRAGMENT_HEADER = 8;

  private final int protocol;
  private IpAddress source;
  private IpAddress destination;
  private MacAddress sourceMac;
  private MacAddress destinationMac = MacAddress.ZERO;
  private int sourcePort;
  private int destinationPort;
  private byte[] payload = {};
  private int timeToLive = 64;
  private int identification = 7;
  private boolean dontFragment;
  private boolean moreFragments;
  private int fragmentOffset;
  private int optionLength;
  private int padding;
  private int flags = TcpFlags.SYN;
  private int sequence = 1000;
  private int acknowledgment;
  private int icmpType = IcmpType.ECHO_REQUEST;
  private int icmpCode;
  private int icmpRest;
  private boolean withoutChecksum;
  private boolean checksumPending;
  private int segmentSize;

  private PacketBuilder(int protocol, IpAddress source, IpAddress destination) {
    this.protocol = protocol;
    this.source = source;
    this.destination = destination;
    this.sourceMac = MacAddress.of(source);
  }

  public static PacketBuilder ip(int protocol, String from, String to) {
    return new PacketBuilder(protocol, IpAddress.parse(from), IpAddress.parse(to));
  }

  public static PacketBuilder udp(String from, String to) {
    return ip(IpProtocol.UDP, from, to);
  }

  /** A SYN, unless {@link #flags} says something else. */
  public static PacketBuilder tcp(String from, String to) {
    return ip(IpProtocol.TCP, from, to);
  }

  /** An echo request. */
  public static PacketBuilder ping(String from, String to, int identifier) {
    PacketBuilder ping = ip(icmp(from), from, to).ports(identifier, 1);
    ping.icmpType = ping.isIpv4() ? IcmpType.ECHO_REQUEST : Icmpv6Type.ECHO_REQUEST;
    return ping;
  }

  /** An echo reply. */
  public static PacketBuilder pong(String from, String to, int identifier) {
    PacketBuilder pong = ping(from, to, identifier);
    pong.icmpType = pong.isIpv4() ? IcmpType.ECHO_REPLY : Icmpv6Type.ECHO_REPLY;
    return pong;
  }

  private static int icmp(String address) {
    return IpAddress.parse(address).isIpv4() ? IpProtocol.ICMP : IpProtocol.ICMPV6;
  }

  private boolean isIpv4() {
    return source.isIpv4();
  }

  /** An ICMP error that quotes the IP packet of a frame that the sender has seen. */
  public static PacketBuilder icmpError(
      String from, String to, int type, int code, SeenPacket about) {
    PacketBuilder error = ip(icmp(from), from, to);
    error.icmpType = type;
    error.icmpCode = code;
    byte[] whole = about.ipBytes();
    error.payload = Arrays.copyOf(whole, Math.min(whole.length, 548));
    return error;
  }

  /** The bytes behind the IP header of a later fragment, taken as they are. */
  public static PacketBuilder fragment(
      int protocol, String from, String to, int offset, byte[] data) {
    PacketBuilder fragment = ip(protocol, from, to).payload(data);
    fragment.fragmentOffset = offset;
    return fragment;
  }

  /** An answer to a packet as it was seen: addresses and ports exchanged. */
  public static PacketBuilder answerTo(SeenPacket seen) {
    PacketBuilder answer =
        new PacketBuilder(
            seen.protocol(), IpAddress.parse(seen.destination()), IpAddress.parse(seen.source()));
    if (seen.protocol() == IpProtocol.ICMP || seen.protocol() == IpProtocol.ICMPV6) {
      answer.icmpType = answer.isIpv4() ? IcmpType.ECHO_REPLY : Icmpv6Type.ECHO_REPLY;
      answer.ports(seen.sourcePort(), seen.destinationPort());
    } else {
      answer.ports(seen.destinationPort(), seen.sourcePort());
      answer.flags = TcpFlags.SYN | TcpFlags.ACK;
    }
    return answer.payload(seen.payload());
  }

  /** Ports; identifier and sequence number of an echo. */
  public PacketBuilder ports(int from, int to) {
    sourcePort = from;
    destinationPort = to;
    return this;
  }

  public PacketBuilder payload(String text) {
    return payload(text.getBytes(StandardCharsets.UTF_8));
  }

  public PacketBuilder payload(byte[] bytes) {
    payload = bytes.clone();
    return this;
  }

  /** So many octets that differ from each other. */
  public PacketBuilder payload(int octets) {
    payload = new byte[octets];
    for (int i = 0; i < octets; i++) {
      payload[i] = (byte) (i * 31 + (i >>> 8));
    }
    return this;
  }

  public PacketBuilder ttl(int hops) {
    timeToLive = hops;
    return this;
  }

  public PacketBuilder id(int number) {
    identification = number;
    return this;
  }

  public PacketBuilder dontFragment() {
    dontFragment = true;
    return this;
  }

  public PacketBuilder moreFragments() {
    moreFragments = true;
    return this;
  }

  /** So many octets of IP options, all "no operation". */
  public PacketBuilder options(int octets) {
    optionLength = octets;
    return this;
  }

  /** Octets behind the packet, as Ethernet's minimum length makes them. */
  public PacketBuilder padding(int octets) {
    padding = octets;
    return this;
  }

  public PacketBuilder flags(int bits) {
    flags = bits;
    return this;
  }

  public PacketBuilder sequence(int number) {
    sequence = number;
    return this;
  }

  public PacketBuilder acknowledgment(int number) {
    acknowledgment = number;
    return this;
  }

  public PacketBuilder icmp(int type, int code) {
    icmpType = type;
    icmpCode = code;
    return this;
  }

  /** The four octets behind an ICMPv6 error's checksum, such as an MTU. */
  public PacketBuilder rest(int bits) {
    icmpRest = bits;
    return this;
  }

  /** UDP's checksum 0. */
  public PacketBuilder withoutChecksum() {
    withoutChecksum = true;
    return this;
  }

  /** Leaves the transport checksum to the device, as a Pod's kernel does. */
  public PacketBuilder checksumPending() {
    checksumPending = true;
    return this;
  }

  /** Leaves segmentation to the device. */
  public PacketBuilder segmentSize(int octets) {
    segmentSize = octets;
    return this;
  }

  public PacketBuilder from(MacAddress mac) {
    sourceMac = mac;
    return this;
  }

  public PacketBuilder to(MacAddress mac) {
    destinationMac = mac;
    return this;
  }

  public PacketBuilder source(String address) {
    source = IpAddress.parse(address);
    return this;
  }

  public PacketBuilder destination(String address) {
    destination = IpAddress.parse(address);
    return this;
  }

  IpAddress destination() {
    return destination;
  }

  /** Whether a test has set where the frame goes. */
  public boolean isAddressed() {
    return !destinationMac.equals(MacAddress.ZERO);
  }

  public String destinationText() {
    return destination.toString();
  }

  /** The Ethernet frame, in a buffer that ends with it. */
  public Frame frame() {
    return isIpv4() ? ipv4Frame() : ipv6Frame();
  }

  private Frame ipv6Frame() {
    boolean fragment = moreFragments || fragmentOffset > 0;
    int header = Ipv6View.HEADER_LENGTH + (fragment ? FRAGMENT_HEADER : 0);
    int transport = transportHeaderLength() + payload.length;
    int length = EthernetView.HEADER_LENGTH + header + transport + padding;
    Frame frame = Frame.allocate(length);
    frame.reset(Frame.HEADROOM, length);
    ByteBuffer buffer = frame.buffer();
    new EthernetView()
        .wrap(buffer, frame.start(), length)
        .set(destinationMac.value(), sourceMac.value(), EtherType.IPV6);
    int at = frame.start() + EthernetView.HEADER_LENGTH;
    Ipv6View ip =
        new Ipv6View()
            .wrap(buffer, at, header + transport)
            .setTraffic(0, 0)
            .setPayloadLength(header - Ipv6View.HEADER_LENGTH + transport)
            .setNextHeader(fragment ? IpProtocol.FRAGMENT : protocol)
            .setHopLimit(timeToLive)
            .setSource(source.high(), source.low())
            .setDestination(destination.high(), destination.low());
    if (fragment) {
      buffer
          .put(at + Ipv6View.HEADER_LENGTH, (byte) protocol)
          .putShort(
              at + Ipv6View.HEADER_LENGTH + 2, (short) (fragmentOffset | (moreFragments ? 1 : 0)))
          .putInt(at + Ipv6View.HEADER_LENGTH + 4, identification);
    }
    buffer.put(ip.transportOffset() + transportHeaderLength(), payload);
    writeTransport(frame, ip.transportOffset(), ip.pseudoHeader(), transport);
    for (int i = 0; i < padding; i++) {
      buffer.put(frame.end() - padding + i, (byte) 0xee);
    }
    if (segmentSize > 0) {
      frame.leaveSegmentation(Frame.SegmentType.TCP6, segmentSize);
    }
    return frame;
  }

  private Frame ipv4Frame() {
    int header = Ipv4View.HEADER_LENGTH + optionLength;
    int transport = transportHeaderLength() + payload.length;
    int length = EthernetView.HEADER_LENGTH + header + transport + padding;
    Frame frame = Frame.allocate(length);
    frame.reset(Frame.HEADROOM, length);
    ByteBuffer buffer = frame.buffer();
    new EthernetView()
        .wrap(buffer, frame.start(), length)
        .set(destinationMac.value(), sourceMac.value(), EtherType.IPV4);
    Ipv4View ip =
        new Ipv4View()
            .wrap(buffer, frame.start() + EthernetView.HEADER_LENGTH, header + transport)
            .setHeaderLength(header)
            .setTotalLength(header + transport)
            .setIdentification(identification)
            .setFragment(dontFragment, moreFragments, fragmentOffset)
            .setTimeToLive(timeToLive)
            .setProtocol(protocol)
            .setSource((int) source.low())
            .setDestination((int) destination.low());
    for (int i = 0; i < optionLength; i++) {
      buffer.put(ip.offset() + Ipv4View.HEADER_LENGTH + i, (byte) 1);
    }
    ip.computeChecksum();
    buffer.put(ip.payloadOffset() + transportHeaderLength(), payload);
    writeTransport(frame, ip.payloadOffset(), ip.pseudoHeader(), transport);
    for (int i = 0; i < padding; i++) {
      buffer.put(frame.end() - padding + i, (byte) 0xee);
    }
    if (segmentSize > 0) {
      frame.leaveSegmentation(Frame.SegmentType.TCP4, segmentSize);
    }
    return frame;
  }

  private int transportHeaderLength() {
    if (fragmentOffset > 0) {
      return 0;
    }
    return switch (protocol) {
      case IpProtocol.TCP -> TcpView.HEADER_LENGTH;
      case IpProtocol.UDP -> UdpView.HEADER_LENGTH;
      case IpProtocol.ICMP, IpProtocol.ICMPV6 -> IcmpView.HEADER_LENGTH;
      default -> 0;
    };
  }

  private void writeTransport(Frame frame, int at, long pseudoHeader, int length) {
    if (fragmentOffset > 0) {
      return;
    }
    ByteBuffer buffer = frame.buffer();
    int checksumAt = -1;
    switch (protocol) {
      case IpProtocol.TCP -> {
        new TcpView()
            .wrap(buffer, at, length)
            .setSourcePort(sourcePort)
            .setDestinationPort(destinationPort)
            .setSequence(sequence)
            .setAcknowledgment(acknowledgment)
            .setHeaderLengthAndFlags(TcpView.HEADER_LENGTH, flags)
            .setWindow(65_535)
            .computeChecksum(pseudoHeader);
        checksumAt = TcpView.CHECKSUM_OFFSET;
      }
      case IpProtocol.UDP -> {
        UdpView udp =
            new UdpView()
                .wrap(buffer, at, length)
                .setSourcePort(sourcePort)
                .setDestinationPort(destinationPort)
                .setDatagramLength(length);
        udp.computeChecksum(pseudoHeader);
        if (withoutChecksum) {
          udp.setChecksum(0);
        }
        checksumAt = UdpView.CHECKSUM_OFFSET;
      }
      case IpProtocol.ICMP -> {
        IcmpView icmp = new IcmpView().wrap(buffer, at, length).setType(icmpType).setCode(icmpCode);
        if (icmp.isEcho()) {
          icmp.setIdentifier(sourcePort).setSequence(destinationPort);
        }
        icmp.computeChecksum();
      }
      case IpProtocol.ICMPV6 -> {
        Icmpv6View icmp =
            new Icmpv6View().wrap(buffer, at, length).setType(icmpType).setCode(icmpCode);
        if (icmp.isEcho()) {
          icmp.setIdentifier(sourcePort).setSequence(destinationPort);
        } else {
          icmp.setRest(icmpRest);
        }
        icmp.computeChecksum(pseudoHeader);
      }
      default -> {}
    }
    if (checksumPending) {
      buffer.putShort(at + checksumAt, (short) Checksum.fold(pseudoHeader));
      frame.leaveChecksum(at - frame.start(), checksumAt);
    }
  }

  /** The datagram as IP fragments that carry at most so many octets each, in order. */
  public List<Frame> fragments(int octetsEach) {
    SeenPacket whole = SeenPacket.of(frame());
    byte[] data = whole.transportBytes();
    List<Frame> frames = new ArrayList<>();
    for (int at = 0; at < data.length; at += octetsEach) {
      int end = Math.min(at + octetsEach, data.length);
      Frame frame =
          fragment(
                  protocol,
                  source.toString(),
                  destination.toString(),
                  at,
                  Arrays.copyOfRange(data, at, end))
              .piece(end < data.length, identification, timeToLive);
      new EthernetView()
          .wrap(frame.buffer(), frame.start(), frame.length())
          .setDestination(destinationMac.value())
          .setSource(sourceMac.value());
      frames.add(frame);
    }
    return frames;
  }

  private Frame piece(boolean more, int number, int hops) {
    moreFragments = more;
    identification = number;
    timeToLive = hops;
    int offset = fragmentOffset;
    // Written as a later fragment, so that the bytes are taken as they are.
    fragmentOffset = offset == 0 ? 8 : offset;
    Frame frame = frame();
    if (!isIpv4()) {
      int header = frame.start() + EthernetView.HEADER_LENGTH + Ipv6View.HEADER_LENGTH;
      frame.buffer().putShort(header + 2, (short) (offset | (more ? 1 : 0)));
      return frame;
    }
    Ipv4View ip =
        new Ipv4View()
            .wrap(
                frame.buffer(),
                frame.start() + EthernetView.HEADER_LENGTH,
                frame.length() - EthernetView.HEADER_LENGTH);
    ip.setFragment(false, more, offset).computeChecksum();
    return frame;
  }
}
