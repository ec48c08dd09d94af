package io.podwire.packet.dns;

import io.podwire.packet.addr.IpAddress;
import java.util.Optional;

/** The names under which addresses have their PTR records (RFC 1035, section 3.5; RFC 3596). */
public final class ReverseName {
  public static final DnsName IPV4_ZONE = DnsName.parse("in-addr.arpa");
  public static final DnsName IPV6_ZONE = DnsName.parse("ip6.arpa");

  private static final int IPV4_LABELS = 6;
  private static final int IPV6_LABELS = 34;

  private ReverseName() {}

  /** Such as {@code 1.0.96.10.in-addr.arpa} of 10.96.0.1. */
  public static DnsName of(IpAddress address) {
    DnsName name = address.isIpv4() ? IPV4_ZONE : IPV6_ZONE;
    for (byte octet : address.toBytes()) {
      name =
          address.isIpv4()
              ? name.child(Integer.toString(octet & 0xff))
              : name.child(Integer.toHexString(octet >> 4 & 0xf))
                  .child(Integer.toHexString(octet & 0xf));
    }
    return name;
  }

  /** The address whose name it is; empty where the name is none or only a part of one. */
  public static Optional<IpAddress> address(DnsName name) {
    int labels = name.labelCount();
    StringBuilder text = new StringBuilder();
    if (labels == IPV4_LABELS && name.isAtOrBelow(IPV4_ZONE)) {
      for (int i = 3; i >= 0; i--) {
        text.append(name.label(i)).append(i == 0 ? "" : ".");
      }
    } else if (labels == IPV6_LABELS && name.isAtOrBelow(IPV6_ZONE)) {
      for (int i = 31; i >= 0; i--) {
        text.append(name.label(i)).append(i % 4 == 0 && i > 0 ? ":" : "");
      }
    }
    // The way back refuses labels that only look alike, such as one of two digits.
    return IpAddress.tryParse(text.toString()).filter(address -> of(address).equals(name));
  }
}
