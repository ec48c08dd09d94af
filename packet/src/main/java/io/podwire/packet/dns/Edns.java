package io.podwire.packet.dns;

import java.util.List;
import java.util.Optional;

/**
 * The extension mechanism's view of an OPT record (RFC 6891, section 6.1).
 *
 * @param payloadSize the largest UDP payload that the sender takes, in octets
 * @param extendedRcode the upper eight bits of the {@link Rcode}
 * @param flags 16 bits, of which the first is DO
 */
public record Edns(
    int payloadSize, int extendedRcode, int version, int flags, List<Rdata.Opt.Option> options) {

  /** Answers with DNSSEC records are wanted (RFC 3225). */
  public static final int DNSSEC_OK = 0x8000;

  public Edns {
    options = List.copyOf(options);
  }

  /** Version 0 without options. */
  public static Edns of(int payloadSize) {
    return new Edns(payloadSize, 0, 0, 0, List.of());
  }

  /** Reads an OPT record; empty for any other. */
  public static Optional<Edns> of(ResourceRecord opt) {
    if (!(opt.data() instanceof Rdata.Opt data)) {
      return Optional.empty();
    }
    int ttl = (int) opt.ttl();
    return Optional.of(
        new Edns(opt.dnsClass(), ttl >>> 24, ttl >>> 16 & 0xff, ttl & 0xffff, data.options()));
  }

  public boolean isDnssecOk() {
    return (flags & DNSSEC_OK) != 0;
  }

  public Edns withExtendedRcode(int rcode) {
    return new Edns(payloadSize, rcode >> 4 & 0xff, version, flags, options);
  }

  /** The OPT record. */
  public ResourceRecord toRecord() {
    long ttl = ((long) extendedRcode << 24 | version << 16 | flags) & 0xffff_ffffL;
    return new ResourceRecord(DnsName.ROOT, payloadSize, ttl, new Rdata.Opt(options));
  }
}
