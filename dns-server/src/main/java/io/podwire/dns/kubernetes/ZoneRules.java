package io.podwire.dns.kubernetes;

import io.podwire.dns.plugin.Zones;
import io.podwire.packet.dns.ReverseName;
import java.util.List;
import java.util.Set;

/**
 * What a Corefile says of the cluster's zone.
 *
 * @param zones that are answered, reverse ones among them
 * @param fallthrough the zones whose unknown names are left to the rest of the chain
 * @param ttl seconds that clients may keep what changes
 * @param namespaces that are shown; all where there is none
 * @param namespaceLabels of namespaces that are shown
 * @param labels of Services and Pods that are shown
 * @param podNames endpoints without a hostname are named after their Pods
 * @param endpoints whether endpoints are known at all
 * @param emptyServices whether a Service with a ClusterIP and no endpoint has a name
 * @param ownRanges whether addresses in the cluster's own ranges never fall through
 */
record ZoneRules(
    Zones zones,
    Zones fallthrough,
    PodMode pods,
    long ttl,
    Set<String> namespaces,
    LabelFilter namespaceLabels,
    LabelFilter labels,
    boolean podNames,
    boolean endpoints,
    boolean emptyServices,
    boolean ownRanges) {

  /** CoreDNS's default. */
  static final long DEFAULT_TTL = 5;

  private static final Zones REVERSE =
      new Zones(List.of(ReverseName.IPV4_ZONE, ReverseName.IPV6_ZONE), false);

  /** Those of a server that was given no Corefile. */
  static final ZoneRules BUILT_IN =
      new ZoneRules(
          new Zones(REVERSE.fixed(), true),
          REVERSE,
          PodMode.INSECURE,
          DEFAULT_TTL,
          Set.of(),
          LabelFilter.ALL,
          LabelFilter.ALL,
          false,
          true,
          true,
          true);

  /** What names such as {@code 10-244-0-5.demo.pod} have. */
  enum PodMode {
    DISABLED,
    INSECURE,
    VERIFIED
  }

  ZoneRules {
    namespaces = Set.copyOf(namespaces);
  }

  /** Whether a namespace is one of those that are listed, if any are. */
  boolean lists(String namespace) {
    return namespaces.isEmpty() || namespaces.contains(namespace);
  }
}
