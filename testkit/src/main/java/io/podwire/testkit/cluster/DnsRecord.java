package io.podwire.testkit.cluster;

import io.podwire.packet.dns.DnsName;

/**
 * A record of an answer (RFC 1035, section 3.2.1).
 *
 * @param ttl seconds
 * @param type such as A, AAAA, SRV
 * @param data in the form of zone files, such as {@code 10.96.0.10} or {@code 0 100 80 web.}
 */
public record DnsRecord(DnsName name, long ttl, String type, String data) {}
