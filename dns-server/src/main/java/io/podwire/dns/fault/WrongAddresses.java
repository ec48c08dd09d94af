package io.podwire.dns.fault;

import io.podwire.cluster.fault.DnsEffect;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.dns.Question;
import io.podwire.packet.dns.Rdata;
import io.podwire.packet.dns.RecordType;
import io.podwire.packet.dns.ResourceRecord;
import java.util.List;

/**
 * Addresses that are not those of the name.
 *
 * <p>Those by lot are of the networks for benchmarks (RFC 2544, RFC 5180), which nobody has: what a
 * client sends there harms no stranger. Their TTL is 0, so that none outlives the fault.
 */
final class WrongAddresses {
  private static final Cidr NOBODYS_IPV4 = Cidr.parse("198.18.0.0/15");
  private static final Cidr NOBODYS_IPV6 = Cidr.parse("2001:2::/48");

  private WrongAddresses() {}

  /** Empty where the fault names addresses, but none of the type that is asked for. */
  static List<ResourceRecord> records(DnsEffect effect, Question question, long drawn) {
    boolean ipv4 = question.type() == RecordType.A;
    List<IpAddress> addresses =
        effect.addresses().isEmpty()
            ? List.of(byLot(ipv4, Lot.next(drawn)))
            : effect.addresses().stream().filter(each -> each.isIpv4() == ipv4).toList();
    return addresses.stream()
        .map(each -> ResourceRecord.of(question.name(), 0, rdata(each)))
        .toList();
  }

  private static Rdata rdata(IpAddress address) {
    return address.isIpv4() ? new Rdata.A(address) : new Rdata.Aaaa(address);
  }

  private static IpAddress byLot(boolean ipv4, long drawn) {
    return ipv4
        ? NOBODYS_IPV4.address(drawn >>> Long.SIZE - 17)
        : new IpAddress(NOBODYS_IPV6.base().high(), drawn);
  }
}
