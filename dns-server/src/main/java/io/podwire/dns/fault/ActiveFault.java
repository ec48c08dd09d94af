package io.podwire.dns.fault;

import io.podwire.cluster.fault.DnsEffect;
import io.podwire.cluster.model.NetworkFault;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.dns.RecordType;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A fault in the form in which queries are compared with it.
 *
 * <p>Immutable but for what it counts, and thread-safe.
 */
final class ActiveFault {
  private static final Set<Integer> ADDRESSES = Set.of(RecordType.A, RecordType.AAAA);

  private final DnsEffect effect;
  private final long seed;
  private final FaultTerm term;
  private final FaultTally tally;
  private final HeldQueries.Ward ward;
  private final List<NamePattern> patterns;
  private final List<Cidr> clients;
  private final @Nullable Set<Integer> types;

  ActiveFault(NetworkFault fault, FaultTerm term, FaultTally tally, HeldQueries.Ward ward) {
    this.effect = Objects.requireNonNull(fault.spec().dns());
    this.seed = fault.spec().seed();
    this.term = term;
    this.tally = tally;
    this.ward = ward;
    this.patterns = effect.patterns().stream().map(NamePattern::parse).toList();
    this.clients = fault.dnsClients();
    this.types = types(effect);
  }

  /** Null for every type. */
  private static @Nullable Set<Integer> types(DnsEffect effect) {
    Set<Integer> own =
        switch (effect.action()) {
          case ADDRESS -> ADDRESSES;
          case A_ONLY -> Set.of(RecordType.AAAA);
          case AAAA_ONLY -> Set.of(RecordType.A);
          default -> null;
        };
    if (effect.queryTypes().isEmpty()) {
      return own;
    }
    return effect.queryTypes().stream()
        .map(RecordType::tryParse)
        .flatMap(Optional::stream)
        .filter(type -> own == null || own.contains(type))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Why it will not act as it is written; empty where it will. */
  static String error(DnsEffect effect) {
    List<String> unknown =
        effect.queryTypes().stream().filter(each -> RecordType.tryParse(each).isEmpty()).toList();
    return unknown.isEmpty() ? "" : "no types of records: " + String.join(", ", unknown);
  }

  DnsEffect effect() {
    return effect;
  }

  FaultTally tally() {
    return tally;
  }

  HeldQueries.Ward ward() {
    return ward;
  }

  boolean isOver(long nowNanos, long heardNanos) {
    return term.left(nowNanos, heardNanos) <= 0;
  }

  /**
   * Whether a query is one of those that the fault is for.
   *
   * @param name as {@link NamePattern#text}
   */
  boolean concerns(String name, int type, IpAddress client, boolean overUdp) {
    return (types == null || types.contains(type))
        && (overUdp || effect.action() != DnsEffect.Action.TRUNCATED)
        && (patterns.isEmpty() || patterns.stream().anyMatch(each -> each.matches(name)))
        && (clients.isEmpty() || clients.stream().anyMatch(each -> each.contains(client)));
  }

  /** Counts a query and draws for it. */
  long draw(IpAddress client) {
    return tally.matched(seed, client);
  }

  /** Whether it acts on the query that this was drawn for. */
  boolean hits(long drawn) {
    boolean hit = Lot.hits(drawn, effect.probability());
    tally.decided(drawn, hit);
    return hit;
  }
}
