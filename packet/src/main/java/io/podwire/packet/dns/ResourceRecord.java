package io.podwire.packet.dns;

/**
 * A resource record (RFC 1035, section 4.1.3).
 *
 * @param dnsClass a {@link RecordClass}; of an OPT record the sender's UDP payload size
 * @param ttl seconds, 0 to 2<sup>32</sup>-1; of an OPT record its extended RCODE and flags
 */
public record ResourceRecord(DnsName name, int dnsClass, long ttl, Rdata data) {

  public ResourceRecord {
    if (dnsClass < 0 || dnsClass > 0xffff || ttl < 0 || ttl > 0xffff_ffffL) {
      throw new IllegalArgumentException(
          "class must be 0-65535 and TTL 0-4294967295, got " + dnsClass + " and " + ttl);
    }
  }

  /** A record of the Internet class. */
  public static ResourceRecord of(DnsName name, long ttl, Rdata data) {
    return new ResourceRecord(name, RecordClass.IN, ttl, data);
  }

  public int type() {
    return data.type();
  }

  /** The same data under another name. */
  public ResourceRecord withName(DnsName other) {
    return new ResourceRecord(other, dnsClass, ttl, data);
  }

  /** One line of a master file, fields separated by a space. */
  @Override
  public String toString() {
    return name
        + " "
        + ttl
        + " "
        + RecordClass.text(dnsClass)
        + " "
        + RecordType.text(type())
        + " "
        + data;
  }
}
