package io.podwire.cli.local;

import io.podwire.cli.outcome.CommandFailure;
import io.podwire.cli.outcome.ExitCode;
import io.podwire.cluster.model.ProxyChoice;
import io.podwire.packet.addr.Cidr;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the options of {@code up} into a plan and tells everything that is wrong with them at once.
 *
 * <p>For one use; not thread-safe.
 */
public final class ClusterPlanCheck {
  private static final int MOST_NODES = 200;
  private static final String NONE = "none";

  /** Shared address space (RFC 6598), which few machines use. */
  private static final String LOAD_BALANCER_CIDR = "100.64.0.0/24";

  /** Unique local addresses (RFC 4193). */
  private static final String LOAD_BALANCER_IPV6_CIDR = "fd00:100:64::/112";

  // Each node takes a block of this size of the Pods' range.
  private static final int NODE_POD_PREFIX = 24;
  private static final int NODE_POD_PREFIX_IPV6 = 64;
  private static final int MOST_BLOCK_BITS = 16;
  // The DNS Service has the tenth address.
  private static final int LONGEST_SERVICE_PREFIX = 28;

  private record Named(String option, Cidr range) {}

  private record Option(String option, List<Cidr> ranges) {}

  private final List<String> problems = new ArrayList<>();
  private final List<Named> ranges = new ArrayList<>();

  /**
   * The options as they were written.
   *
   * @param loadBalancerCidrs {@code none}, or none for the usual ones of the Services' families
   */
  public record Options(
      int nodes,
      List<String> podCidrs,
      List<String> serviceCidrs,
      List<String> nodeCidrs,
      List<String> loadBalancerCidrs,
      String proxyMode,
      List<String> upstreams,
      String preset,
      @Nullable Path hosts,
      @Nullable Path corefile) {

    /** With the usual addresses of load balancers, way of balancing and Corefile. */
    public Options(
        int nodes,
        List<String> podCidrs,
        List<String> serviceCidrs,
        List<String> nodeCidrs,
        List<String> upstreams,
        String preset,
        @Nullable Path hosts) {
      this(
          nodes,
          podCidrs,
          serviceCidrs,
          nodeCidrs,
          List.of(),
          ProxyChoice.DEFAULT.toString(),
          upstreams,
          preset,
          hosts,
          null);
    }
  }

  /**
   * Checks the options.
   *
   * @throws CommandFailure with one line per problem: option, value, fix
   */
  public static ClusterPlan plan(Options options) {
    return new ClusterPlanCheck().check(options);
  }

  private ClusterPlan check(Options options) {
    if (options.nodes() < 1 || options.nodes() > MOST_NODES) {
      problems.add("--nodes " + options.nodes() + ": choose 1-" + MOST_NODES);
    }
    List<Cidr> pods = cidrs("--pod-cidr", options.podCidrs());
    List<Cidr> services = cidrs("--service-cidr", options.serviceCidrs());
    List<Cidr> nodes = cidrs("--node-cidr", options.nodeCidrs());
    List<Cidr> balancers = balancers(options.loadBalancerCidrs(), services);
    ProxyChoice proxy = proxy(options.proxyMode());
    checkPods(pods, options.nodes());
    checkServices(services);
    checkNodes(nodes, options.nodes());
    checkOverlaps();
    checkFamilies(pods, services, nodes, balancers);
    if (!List.of("iana", "flannel").contains(options.preset())) {
      problems.add("--preset " + options.preset() + ": choose iana (UDP 4789) or flannel (8472)");
    }
    if (options.hosts() != null && !Files.isReadable(options.hosts())) {
      problems.add("--hosts " + options.hosts() + ": no such file; name a readable hosts file");
    }
    if (options.corefile() != null && !Files.isReadable(options.corefile())) {
      problems.add("--corefile " + options.corefile() + ": no such file; name a readable Corefile");
    }
    if (!problems.isEmpty()) {
      throw new CommandFailure(String.join("\n", problems), ExitCode.USAGE, null);
    }
    return new ClusterPlan(
        options.nodes(),
        pods,
        services,
        nodes,
        balancers,
        proxy,
        options.upstreams(),
        options.preset(),
        options.hosts() == null ? null : options.hosts().toAbsolutePath(),
        options.corefile() == null ? null : options.corefile().toAbsolutePath());
  }

  private List<Cidr> cidrs(String option, List<String> texts) {
    List<Cidr> cidrs = new ArrayList<>();
    for (String text : texts) {
      try {
        Cidr cidr = Cidr.parse(text);
        cidrs.add(cidr);
        ranges.add(new Named(option, cidr));
      } catch (IllegalArgumentException malformed) {
        problems.add(option + " " + text + ": " + malformed.getMessage());
      }
    }
    return cidrs;
  }

  private List<Cidr> balancers(List<String> texts, List<Cidr> services) {
    if (texts.equals(List.of(NONE))) {
      return List.of();
    }
    return cidrs(
        "--load-balancer-cidr",
        texts.isEmpty()
            ? services.stream()
                .map(range -> range.isIpv4() ? LOAD_BALANCER_CIDR : LOAD_BALANCER_IPV6_CIDR)
                .distinct()
                .toList()
            : texts);
  }

  private ProxyChoice proxy(String text) {
    try {
      return ProxyChoice.parse(text);
    } catch (IllegalArgumentException unknown) {
      problems.add("--proxy-mode " + text + ": " + unknown.getMessage());
      return ProxyChoice.DEFAULT;
    }
  }

  private void checkPods(List<Cidr> pods, int nodes) {
    for (Cidr range : pods) {
      int share = range.isIpv4() ? NODE_POD_PREFIX : NODE_POD_PREFIX_IPV6;
      long blocks = 1L << Math.clamp(share - range.prefixLength(), 0, MOST_BLOCK_BITS);
      if (range.prefixLength() > share) {
        problems.add(
            "--pod-cidr "
                + range
                + ": too small, each node takes a /"
                + share
                + " of it; choose a /"
                + share
                + " or larger");
      } else if (blocks < nodes) {
        problems.add(
            "--pod-cidr "
                + range
                + ": has room for the /"
                + share
                + " of "
                + blocks
                + (blocks == 1 ? " node" : " nodes")
                + ", not of "
                + nodes
                + "; choose a larger range or fewer --nodes");
      }
    }
  }

  private void checkServices(List<Cidr> services) {
    if (!services.isEmpty()
        && services.getFirst().isIpv4()
        && services.getFirst().prefixLength() > LONGEST_SERVICE_PREFIX) {
      problems.add(
          "--service-cidr "
              + services.getFirst()
              + ": too small for the DNS Service at its tenth"
              + " address; choose a /"
              + LONGEST_SERVICE_PREFIX
              + " or larger");
    }
  }

  private void checkNodes(List<Cidr> nodes, int count) {
    for (Cidr range : nodes) {
      // The last address is the broadcast address.
      long needed = (long) ClusterPlan.FIRST_NODE_OFFSET + count + 1;
      if (range.size() < needed) {
        problems.add(
            "--node-cidr "
                + range
                + ": has "
                + range.size()
                + " addresses, "
                + count
                + " nodes need "
                + needed
                + "; choose a larger range or fewer --nodes");
      }
    }
  }

  /** Pods and Services are of the same families, each option has at most one range of each. */
  private void checkFamilies(
      List<Cidr> pods, List<Cidr> services, List<Cidr> nodes, List<Cidr> balancers) {
    for (Option option :
        List.of(
            new Option("--pod-cidr", pods),
            new Option("--service-cidr", services),
            new Option("--node-cidr", nodes),
            new Option("--load-balancer-cidr", balancers))) {
      List<Cidr> of = option.ranges();
      if (of.stream().map(Cidr::isIpv4).distinct().count() < of.size()) {
        problems.add(option.option() + " " + of + ": choose at most one range of each IP family");
      }
    }
    if (problems.isEmpty() && pods.getFirst().isIpv4() != services.getFirst().isIpv4()) {
      problems.add(
          "--service-cidr "
              + services
              + ": of another first IP family than --pod-cidr "
              + pods
              + "; put the ranges into the same order");
    }
    if (problems.isEmpty() && !families(pods).contains(nodes.getFirst().isIpv4())) {
      problems.add(
          "--node-cidr "
              + nodes.getFirst()
              + ": of another IP family than --pod-cidr "
              + pods
              + "; choose a range of that family");
    }
  }

  private static List<Boolean> families(List<Cidr> ranges) {
    return ranges.stream().map(Cidr::isIpv4).toList();
  }

  private void checkOverlaps() {
    for (int i = 0; i < ranges.size(); i++) {
      for (int j = i + 1; j < ranges.size(); j++) {
        Named a = ranges.get(i);
        Named b = ranges.get(j);
        if (a.range().overlaps(b.range())) {
          problems.add(
              a.option()
                  + " "
                  + a.range()
                  + " overlaps "
                  + b.option()
                  + " "
                  + b.range()
                  + ": choose ranges that share no address");
        }
      }
    }
  }
}
