package io.podwire.dns.zonefile;

import io.podwire.packet.dns.DnsName;
import io.podwire.packet.dns.Rdata;
import io.podwire.packet.dns.RecordType;
import io.podwire.packet.dns.ResourceRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The records of a zone, looked up as RFC 1034, section 4.3.2 and RFC 4592 say.
 *
 * <p>Immutable and thread-safe.
 */
final class Zone {
  private static final String WILDCARD = "*";

  private final DnsName origin;
  private final Map<DnsName, List<ResourceRecord>> records = new HashMap<>();

  /** Names with records, and those between them and the origin. */
  private final Set<DnsName> names = new HashSet<>();

  Zone(DnsName origin, List<ResourceRecord> all) {
    this.origin = origin;
    for (ResourceRecord each : all) {
      records.computeIfAbsent(each.name(), name -> new ArrayList<>()).add(each);
      for (DnsName at = each.name(); at.isAtOrBelow(origin) && names.add(at); ) {
        if (at.equals(origin)) {
          break;
        }
        at = at.dropFirst(1);
      }
    }
  }

  /** What there is for a question. */
  record Found(Kind kind, List<ResourceRecord> records) {}

  /** How a lookup ends. */
  enum Kind {
    ANSWER,
    ALIAS,
    REFERRAL,
    NO_DATA,
    NO_NAME
  }

  DnsName origin() {
    return origin;
  }

  @Nullable ResourceRecord soa() {
    return of(origin, RecordType.SOA).stream().findFirst().orElse(null);
  }

  List<ResourceRecord> of(DnsName name, int type) {
    return records.getOrDefault(name, List.of()).stream()
        .filter(each -> each.type() == type || type == RecordType.ANY)
        .toList();
  }

  Found find(DnsName name, int type) {
    int depth = name.labelCount() - origin.labelCount();
    for (int i = depth - 1; i >= 0; i--) {
      List<ResourceRecord> servers = of(name.dropFirst(i), RecordType.NS);
      boolean own = i == 0 && type == RecordType.DS;
      if (!servers.isEmpty() && !own) {
        return new Found(Kind.REFERRAL, servers);
      }
    }
    if (names.contains(name)) {
      return at(name, name, type);
    }
    DnsName encloser = name.dropFirst(1);
    while (!names.contains(encloser) && !encloser.equals(origin)) {
      encloser = encloser.dropFirst(1);
    }
    DnsName wildcard = encloser.tryChild(WILDCARD).orElse(encloser);
    return wildcard.equals(encloser) || !records.containsKey(wildcard)
        ? new Found(Kind.NO_NAME, List.of())
        : at(wildcard, name, type);
  }

  private Found at(DnsName owner, DnsName asked, int type) {
    List<ResourceRecord> aliases = of(owner, RecordType.CNAME);
    boolean alias = !aliases.isEmpty() && type != RecordType.CNAME && type != RecordType.ANY;
    List<ResourceRecord> found =
        (alias ? aliases : of(owner, type)).stream().map(each -> each.withName(asked)).toList();
    return new Found(alias ? Kind.ALIAS : found.isEmpty() ? Kind.NO_DATA : Kind.ANSWER, found);
  }

  /** The addresses within the zone that records lead to. */
  List<ResourceRecord> glue(List<ResourceRecord> leading) {
    List<ResourceRecord> glue = new ArrayList<>();
    for (ResourceRecord each : leading) {
      DnsName target =
          each.data() instanceof Rdata.Ns ns
              ? ns.server()
              : each.data() instanceof Rdata.Mx mx
                  ? mx.exchange()
                  : each.data() instanceof Rdata.Srv srv ? srv.target() : null;
      if (target != null) {
        glue.addAll(of(target, RecordType.A));
        glue.addAll(of(target, RecordType.AAAA));
      }
    }
    return glue.stream().distinct().toList();
  }
}
