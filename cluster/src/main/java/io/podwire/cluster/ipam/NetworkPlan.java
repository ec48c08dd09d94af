package io.podwire.cluster.ipam;

import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The address ranges of a cluster: Pods, Services and nodes, pairwise disjoint.
 *
 * @param podCidrs at most one per family
 * @param serviceCidrs at most one per family
 */
public record NetworkPlan(List<Cidr> podCidrs, List<Cidr> serviceCidrs, Cidr nodeCidr) {

  /** A node's share of an IPv4 Pod network. */
  public static final int NODE_PREFIX_IPV4 = 24;

  /** A node's share of an IPv6 Pod network. */
  public static final int NODE_PREFIX_IPV6 = 64;

  private static final long KUBERNETES_OFFSET = 1;
  private static final long DNS_OFFSET = 10;

  private static final String POD_CIDR = "pod-cidr";
  private static final String SERVICE_CIDR = "service-cidr";
  private static final String NODE_CIDR = "node-cidr";

  /** 14 usable addresses, the tenth among them. */
  private static final int SMALLEST_SERVICE_HOST_BITS = 4;

  private static final int SMALLEST_NODE_HOST_BITS = 2;

  public NetworkPlan {
    podCidrs = List.copyOf(podCidrs);
    serviceCidrs = List.copyOf(serviceCidrs);
  }

  /** The length of a node's share of this Pod network. */
  public static int nodePrefixLength(Cidr podCidr) {
    return podCidr.isIpv4() ? NODE_PREFIX_IPV4 : NODE_PREFIX_IPV6;
  }

  /** The ClusterIP of {@code kubernetes.default}. */
  public IpAddress kubernetesAddress() {
    return serviceCidrs.get(0).base().plus(KUBERNETES_OFFSET);
  }

  /** The ClusterIP of {@code kube-dns.kube-system}. */
  public IpAddress dnsAddress() {
    return serviceCidrs.get(0).base().plus(DNS_OFFSET);
  }

  /** All that is wrong with the plan, each with the key, the value and a way out; none if sound. */
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    families(POD_CIDR, podCidrs, problems);
    families(SERVICE_CIDR, serviceCidrs, problems);
    sizes(problems);
    List<Map.Entry<String, Cidr>> ranges = ranges();
    for (int i = 0; i < ranges.size(); i++) {
      Map.Entry<String, Cidr> one = ranges.get(i);
      if (one.getValue().base().isLoopback() || one.getValue().base().isMulticast()) {
        problems.add(
            one.getKey() + " " + one.getValue() + ": not a unicast range; choose a private one");
      }
      for (Map.Entry<String, Cidr> other : ranges.subList(i + 1, ranges.size())) {
        if (one.getValue().overlaps(other.getValue())) {
          problems.add(
              "%s %s overlaps %s %s: choose ranges that are disjoint"
                  .formatted(one.getKey(), one.getValue(), other.getKey(), other.getValue()));
        }
      }
    }
    return problems;
  }

  /** What is wrong with further ranges beside these: one message for each pair that overlaps. */
  public List<String> conflicts(String key, List<Cidr> further) {
    List<String> problems = new ArrayList<>();
    for (Cidr cidr : further) {
      if (cidr.base().isLoopback() || cidr.base().isMulticast()) {
        problems.add(key + " " + cidr + ": not a unicast range; choose a private one");
      }
      for (Map.Entry<String, Cidr> other : ranges()) {
        if (cidr.overlaps(other.getValue())) {
          problems.add(
              "%s %s overlaps %s %s: choose ranges that are disjoint"
                  .formatted(key, cidr, other.getKey(), other.getValue()));
        }
      }
    }
    return problems;
  }

  private static void families(String key, List<Cidr> cidrs, List<String> problems) {
    if (cidrs.isEmpty()) {
      problems.add(key + " is missing: give one, such as 10.244.0.0/16");
    }
    for (boolean ipv4 : new boolean[] {true, false}) {
      List<Cidr> family = cidrs.stream().filter(cidr -> cidr.isIpv4() == ipv4).toList();
      if (family.size() > 1) {
        problems.add(key + " " + family + ": give at most one range per IP family");
      }
    }
  }

  private void sizes(List<String> problems) {
    for (Cidr cidr : podCidrs) {
      int share = nodePrefixLength(cidr);
      if (cidr.prefixLength() > share) {
        problems.add(
            "%s %s is too small: each node takes a /%d of it; use /%d or shorter"
                .formatted(POD_CIDR, cidr, share, share));
      }
    }
    for (Cidr cidr : serviceCidrs) {
      smallest(SERVICE_CIDR, cidr, SMALLEST_SERVICE_HOST_BITS, problems);
    }
    smallest(NODE_CIDR, nodeCidr, SMALLEST_NODE_HOST_BITS, problems);
  }

  private static void smallest(String key, Cidr cidr, int hostBits, List<String> problems) {
    int longest = cidr.base().bitLength() - hostBits;
    if (cidr.prefixLength() > longest) {
      problems.add("%s %s is too small: use /%d or shorter".formatted(key, cidr, longest));
    }
  }

  private List<Map.Entry<String, Cidr>> ranges() {
    List<Map.Entry<String, Cidr>> ranges = new ArrayList<>();
    podCidrs.forEach(cidr -> ranges.add(Map.entry(POD_CIDR, cidr)));
    serviceCidrs.forEach(cidr -> ranges.add(Map.entry(SERVICE_CIDR, cidr)));
    ranges.add(Map.entry(NODE_CIDR, nodeCidr));
    return ranges;
  }
}
