package io.podwire.netstack.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.packet.Defect;
import io.podwire.packet.IcmpView;
import io.podwire.packet.Icmpv6View;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.Ipv4View;
import io.podwire.packet.Ipv6View;
import io.podwire.packet.UdpView;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;

/** One thing that has to be true of a packet: {@code expect(seen, source(a), ttl(62))}. */
@FunctionalInterface
public interface PacketCheck {

  void check(SeenPacket seen);

  static void expect(SeenPacket seen, PacketCheck... checks) {
    for (PacketCheck check : checks) {
      check.check(seen);
    }
  }

  static PacketCheck source(String address) {
    return seen -> assertThat(seen.source()).as("source of %s", seen).isEqualTo(address);
  }

  static PacketCheck destination(String address) {
    return seen -> assertThat(seen.destination()).as("destination of %s", seen).isEqualTo(address);
  }

  static PacketCheck ttl(int hops) {
    return seen -> assertThat(seen.hopsLeft()).as("TTL of %s", seen).isEqualTo(hops);
  }

  static PacketCheck ports(int from, int to) {
    return seen -> {
      assertThat(seen.sourcePort()).as("source port of %s", seen).isEqualTo(from);
      assertThat(seen.destinationPort()).as("destination port of %s", seen).isEqualTo(to);
    };
  }

  static PacketCheck sourcePort(int port) {
    return seen -> assertThat(seen.sourcePort()).as("source port of %s", seen).isEqualTo(port);
  }

  static PacketCheck sourcePortBetween(int first, int last) {
    return seen ->
        assertThat(seen.sourcePort()).as("source port of %s", seen).isBetween(first, last);
  }

  static PacketCheck destinationPort(int port) {
    return seen ->
        assertThat(seen.destinationPort()).as("destination port of %s", seen).isEqualTo(port);
  }

  static PacketCheck payload(String text) {
    return seen -> assertThat(seen.text()).as("payload of %s", seen).isEqualTo(text);
  }

  static PacketCheck macs(MacAddress from, MacAddress to) {
    return seen -> {
      assertThat(seen.sourceMac()).as("source MAC of %s", seen).isEqualTo(from);
      assertThat(seen.destinationMac()).as("destination MAC of %s", seen).isEqualTo(to);
    };
  }

  static PacketCheck udpChecksum(int checksum) {
    return seen -> assertThat(seen.udp().checksum()).as("checksum of %s", seen).isEqualTo(checksum);
  }

  /** A reset that a client which sent this SYN accepts (RFC 9293, section 3.10.7.3). */
  static PacketCheck resetOf(int flags, int sequence, int acknowledgment) {
    return seen -> {
      assertThat(seen.tcp().flags()).as("flags of %s", seen).isEqualTo(flags);
      assertThat(seen.tcp().sequence()).as("sequence of %s", seen).isEqualTo(sequence);
      assertThat(seen.tcp().acknowledgment()).as("ack of %s", seen).isEqualTo(acknowledgment);
    };
  }

  static PacketCheck icmp(int type, int code) {
    return seen -> {
      assertThat(seen.icmp().type()).as("ICMP type of %s", seen).isEqualTo(type);
      assertThat(seen.icmp().code()).as("ICMP code of %s", seen).isEqualTo(code);
    };
  }

  static PacketCheck icmpv6(int type, int code) {
    return seen -> {
      assertThat(seen.icmpv6().type()).as("ICMPv6 type of %s", seen).isEqualTo(type);
      assertThat(seen.icmpv6().code()).as("ICMPv6 code of %s", seen).isEqualTo(code);
    };
  }

  /** The packet inside an ICMPv6 error. */
  static PacketCheck quotingIpv6(String from, int fromPort, String to, int toPort) {
    return seen -> {
      Icmpv6View icmp = seen.icmpv6();
      Ipv6View quoted = new Ipv6View().wrap(icmp.buffer(), icmp.bodyOffset(), icmp.bodyLength());
      assertThat(quoted.checkQuoted()).as("packet quoted by %s", seen).isEqualTo(Defect.NONE);
      UdpView udp = new UdpView();
      udp.wrap(icmp.buffer(), quoted.transportOffset(), quoted.transportLength());
      assertThat(new IpAddress(quoted.sourceHigh(), quoted.sourceLow())).hasToString(from);
      assertThat(new IpAddress(quoted.destinationHigh(), quoted.destinationLow())).hasToString(to);
      assertThat(udp.sourcePort()).as("quoted source port").isEqualTo(fromPort);
      assertThat(udp.destinationPort()).as("quoted destination port").isEqualTo(toPort);
      boolean whole = quoted.payloadLength() + Ipv6View.HEADER_LENGTH <= icmp.bodyLength();
      if (whole && quoted.transportProtocol() == IpProtocol.UDP) {
        assertThat(udp.isIntact(quoted.pseudoHeader())).as("quoted checksum").isTrue();
      }
    };
  }

  static PacketCheck nextHopMtu(int octets) {
    return seen -> assertThat(seen.icmp().nextHopMtu()).as("MTU of %s", seen).isEqualTo(octets);
  }

  /** The packet inside an ICMP error: its header's checksum and, for UDP, its own one fit. */
  static PacketCheck quoting(String from, int fromPort, String to, int toPort) {
    return seen -> {
      IcmpView icmp = seen.icmp();
      Ipv4View quoted = new Ipv4View().wrap(icmp.buffer(), icmp.bodyOffset(), icmp.bodyLength());
      assertThat(quoted.checkQuoted()).as("packet quoted by %s", seen).isEqualTo(Defect.NONE);
      int checksum = quoted.checksum();
      assertThat(quoted.computeChecksum()).as("quoted header of %s", seen).isEqualTo(checksum);
      UdpView ports = new UdpView().wrap(icmp.buffer(), quoted.payloadOffset(), 8);
      assertThat(IpAddress.ofIpv4(quoted.source())).hasToString(from);
      assertThat(IpAddress.ofIpv4(quoted.destination())).hasToString(to);
      assertThat(ports.sourcePort()).as("quoted source port").isEqualTo(fromPort);
      assertThat(ports.destinationPort()).as("quoted destination port").isEqualTo(toPort);
    };
  }
}
