package io.podwire.netstack.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.netstack.link.Frame;
import io.podwire.packet.Checksum;
import io.podwire.packet.Defect;
import io.podwire.packet.EtherType;
import io.podwire.packet.EthernetView;
import io.podwire.packet.IcmpView;
import io.podwire.packet.Icmpv6View;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.Ipv4View;
import io.podwire.packet.Ipv6View;
import io.podwire.packet.TcpView;
import io.podwire.packet.UdpView;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A packet that arrived somewhere, copied; every checksum was summed in full when it was taken.
 *
 * <p>A checksum left to the device is completed first, as the device would.
 */
public final class SeenPacket {

  private final byte[] bytes;
  private final boolean wasPending;
  private final EthernetView ethernet;
  private final Ipv4View ip = new Ipv4View();
  private final Ipv6View ipv6 = new Ipv6View();

  private SeenPacket(byte[] bytes, boolean wasPending) {
    this.bytes = bytes;
    this.wasPending = wasPending;
    ethernet = new EthernetView().wrap(ByteBuffer.wrap(bytes), 0, bytes.length);
  }

  /** Copies an IP frame and verifies it. */
  public static SeenPacket of(Frame lent) {
    Frame frame = lent.copy();
    boolean pending = frame.checksumPending();
    frame.completeChecksum();
    byte[] bytes = new byte[frame.length()];
    frame.buffer().get(frame.start(), bytes);
    SeenPacket seen = new SeenPacket(bytes, pending);
    seen.verify();
    return seen;
  }

  private void verify() {
    if (ethernet.etherType() == EtherType.IPV6) {
      verifyIpv6();
      return;
    }
    assertThat(ethernet.etherType()).as("EtherType of %s", this).isEqualTo(EtherType.IPV4);
    ip.wrap(
        ethernet.buffer(), EthernetView.HEADER_LENGTH, bytes.length - EthernetView.HEADER_LENGTH);
    assertThat(ip.check()).as("IPv4 header of %s", this).isEqualTo(Defect.NONE);
    assertThat(ip.length()).as("no padding behind %s", this).isEqualTo(ip.totalLength());
    if (ip.isFragment()) {
      return;
    }
    assertThat(isTransportIntact()).as("transport checksum of %s", this).isTrue();
  }

  private void verifyIpv6() {
    ipv6.wrap(
        ethernet.buffer(), EthernetView.HEADER_LENGTH, bytes.length - EthernetView.HEADER_LENGTH);
    assertThat(ipv6.check()).as("IPv6 header of %s", this).isEqualTo(Defect.NONE);
    assertThat(ipv6.length())
        .as("no padding behind %s", this)
        .isEqualTo(Ipv6View.HEADER_LENGTH + ipv6.payloadLength());
    if (!ipv6.isFragment()) {
      assertThat(isTransportIntact()).as("transport checksum of %s", this).isTrue();
    }
  }

  private boolean isIpv4() {
    return ethernet.etherType() == EtherType.IPV4;
  }

  private int transportOffset() {
    return isIpv4() ? ip.payloadOffset() : ipv6.transportOffset();
  }

  private boolean isTransportIntact() {
    int at = transportOffset();
    int length = bytes.length - at;
    ByteBuffer buffer = ethernet.buffer();
    long pseudoHeader = isIpv4() ? ip.pseudoHeader() : ipv6.pseudoHeader();
    return switch (protocol()) {
      case IpProtocol.TCP -> new TcpView().wrap(buffer, at, length).isIntact(pseudoHeader);
      case IpProtocol.UDP -> new UdpView().wrap(buffer, at, length).isIntact(pseudoHeader);
      case IpProtocol.ICMPV6 -> new Icmpv6View().wrap(buffer, at, length).isIntact(pseudoHeader);
      case IpProtocol.ICMP -> Checksum.isIntact(Checksum.sum(buffer, at, length));
      default -> true;
    };
  }

  public MacAddress sourceMac() {
    return new MacAddress(ethernet.source());
  }

  public MacAddress destinationMac() {
    return new MacAddress(ethernet.destination());
  }

  public String source() {
    return (isIpv4()
            ? IpAddress.ofIpv4(ip.source())
            : new IpAddress(ipv6.sourceHigh(), ipv6.sourceLow()))
        .toString();
  }

  public String destination() {
    return (isIpv4()
            ? IpAddress.ofIpv4(ip.destination())
            : new IpAddress(ipv6.destinationHigh(), ipv6.destinationLow()))
        .toString();
  }

  public int protocol() {
    return isIpv4() ? ip.protocol() : ipv6.transportProtocol();
  }

  /** Time to live, or hop limit. */
  public int hopsLeft() {
    return isIpv4() ? ip.timeToLive() : ipv6.hopLimit();
  }

  public Ipv4View ip() {
    return ip;
  }

  public Ipv6View ipv6() {
    return ipv6;
  }

  public Icmpv6View icmpv6() {
    assertThat(protocol()).as("protocol of %s", this).isEqualTo(IpProtocol.ICMPV6);
    return new Icmpv6View()
        .wrap(ethernet.buffer(), transportOffset(), bytes.length - transportOffset());
  }

  public UdpView udp() {
    assertThat(protocol()).as("protocol of %s", this).isEqualTo(IpProtocol.UDP);
    return new UdpView()
        .wrap(ethernet.buffer(), transportOffset(), bytes.length - transportOffset());
  }

  public TcpView tcp() {
    assertThat(protocol()).as("protocol of %s", this).isEqualTo(IpProtocol.TCP);
    return new TcpView()
        .wrap(ethernet.buffer(), transportOffset(), bytes.length - transportOffset());
  }

  public IcmpView icmp() {
    assertThat(protocol()).as("protocol of %s", this).isEqualTo(IpProtocol.ICMP);
    return new IcmpView().wrap(ip.buffer(), ip.payloadOffset(), ip.payloadLength());
  }

  /** The source port, or an echo's identifier. */
  public int sourcePort() {
    return switch (protocol()) {
      case IpProtocol.ICMP -> icmp().identifier();
      case IpProtocol.ICMPV6 -> icmpv6().identifier();
      default -> word(0);
    };
  }

  /** The destination port, or an echo's sequence number. */
  public int destinationPort() {
    return switch (protocol()) {
      case IpProtocol.ICMP -> icmp().sequence();
      case IpProtocol.ICMPV6 -> icmpv6().sequence();
      default -> word(2);
    };
  }

  private int word(int at) {
    return ethernet.buffer().getShort(transportOffset() + at) & 0xffff;
  }

  public byte[] payload() {
    int header =
        switch (protocol()) {
          case IpProtocol.TCP -> tcp().headerLength();
          case IpProtocol.UDP -> UdpView.HEADER_LENGTH;
          case IpProtocol.ICMP, IpProtocol.ICMPV6 -> IcmpView.HEADER_LENGTH;
          default -> 0;
        };
    return Arrays.copyOfRange(bytes, transportOffset() + header, bytes.length);
  }

  public String text() {
    return new String(payload(), StandardCharsets.UTF_8);
  }

  /** Everything from the IP header on. */
  public byte[] ipBytes() {
    return Arrays.copyOfRange(bytes, EthernetView.HEADER_LENGTH, bytes.length);
  }

  /** Everything behind the IP header. */
  public byte[] transportBytes() {
    return Arrays.copyOfRange(bytes, transportOffset(), bytes.length);
  }

  public boolean wasChecksumPending() {
    return wasPending;
  }

  @Override
  public String toString() {
    if (bytes.length < EthernetView.HEADER_LENGTH + Ipv4View.HEADER_LENGTH) {
      return "a frame of " + bytes.length + " octets";
    }
    if (!isIpv4()) {
      return "IPv6 " + HexFormat.of().formatHex(bytes, EthernetView.HEADER_LENGTH, bytes.length);
    }
    Ipv4View view =
        new Ipv4View()
            .wrap(
                ethernet.buffer(),
                EthernetView.HEADER_LENGTH,
                bytes.length - EthernetView.HEADER_LENGTH);
    return "protocol "
        + view.protocol()
        + " "
        + IpAddress.ofIpv4(view.source())
        + " > "
        + IpAddress.ofIpv4(view.destination())
        + " ttl "
        + view.timeToLive()
        + " length "
        + view.totalLength()
        + (view.isFragment() ? " fragment at " + view.fragmentOffset() : "");
  }
}
