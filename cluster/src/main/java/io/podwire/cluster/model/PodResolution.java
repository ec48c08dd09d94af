package io.podwire.cluster.model;

import io.podwire.packet.addr.IpAddress;
import java.util.Arrays;
import java.util.List;

/**
 * How a Pod's programs resolve names, and what it calls itself (Kubernetes: DNS for Services and
 * Pods).
 *
 * @param nameservers {@code dnsConfig.nameservers}
 * @param searches {@code dnsConfig.searches}
 * @param options {@code dnsConfig.options} as resolv.conf(5) has them, such as {@code ndots:2}
 * @param fullHostname {@code setHostnameAsFQDN}
 */
public record PodResolution(
    DnsPolicy policy,
    List<IpAddress> nameservers,
    List<String> searches,
    List<String> options,
    List<HostAlias> hostAliases,
    boolean fullHostname) {

  /** That of a Pod that says nothing about it. */
  public static final PodResolution DEFAULT =
      new PodResolution(DnsPolicy.CLUSTER_FIRST, List.of(), List.of(), List.of(), List.of(), false);

  public PodResolution {
    nameservers = List.copyOf(nameservers);
    searches = List.copyOf(searches);
    options = List.copyOf(options);
    hostAliases = List.copyOf(hostAliases);
  }

  /** A line of the Pod's hosts(5). */
  public record HostAlias(IpAddress address, List<String> names) {
    public HostAlias {
      names = List.copyOf(names);
    }
  }

  /** {@code spec.dnsPolicy}. */
  public enum DnsPolicy {
    /** The cluster's DNS; as {@link #DEFAULT} for a Pod on the node's network. */
    CLUSTER_FIRST("ClusterFirst"),
    CLUSTER_FIRST_WITH_HOST_NET("ClusterFirstWithHostNet"),
    /** What the node uses. */
    DEFAULT("Default"),
    /** {@code dnsConfig} alone. */
    NONE("None");

    private final String text;

    DnsPolicy(String text) {
      this.text = text;
    }

    /** As manifests have it. */
    public String text() {
      return text;
    }

    /** The inverse of {@link #text}; an absent one is ClusterFirst. */
    public static DnsPolicy of(String text) {
      return text.isEmpty()
          ? CLUSTER_FIRST
          : Arrays.stream(values())
              .filter(each -> each.text.equals(text))
              .findFirst()
              .orElseThrow(() -> new IllegalArgumentException("no dnsPolicy: " + text));
    }
  }
}
