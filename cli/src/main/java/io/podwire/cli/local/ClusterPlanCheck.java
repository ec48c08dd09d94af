package io.podwire.cli.local;

import io.podwire.cli.outcome.CommandFailure;
import io.podwire.cli.outcome.ExitCode;
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
  // Each node takes a block of this size of the Pods' range.
  private static final int NODE_POD_PREFIX = 24;
  // The DNS Service has the tenth address.
  private static final int LONGEST_SERVICE_PREFIX = 28;

  private record Named(String option, Cidr range) {}

  private final List<String> problems = new ArrayList<>();
  private final List<Named> ranges = new ArrayList<>();

  /** The options as they were written. */
  public record Options(
      int nodes,
      List<String> podCidrs,
      List<String> serviceCidrs,
      String nodeCidr,
      List<String> upstreams,
      String preset,
      @Nullable Path hosts,
      @Nullable Path corefile) {

    /** With the DNS server's own Corefile. */
    public Options(
        int nodes,
        List<String> podCidrs,
        List<String> serviceCidrs,
        String nodeCidr,
        List<String> upstreams,
        String preset,
        @Nullable Path hosts) {
      this(nodes, podCidrs, serviceCidrs, nodeCidr, upstreams, preset, hosts, null);
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
    List<Cidr> nodes = cidrs("--node-cidr", List.of(options.nodeCidr()));
    checkPods(pods, options.nodes());
    checkServices(services);
    checkNodes(nodes, options.nodes());
    checkOverlaps();
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
        nodes.getFirst(),
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

  private void checkPods(List<Cidr> pods, int nodes) {
    for (Cidr range : pods) {
      long blocks = 1L << Math.max(0, NODE_POD_PREFIX - range.prefixLength());
      if (range.isIpv4() && range.prefixLength() > NODE_POD_PREFIX) {
        problems.add(
            "--pod-cidr "
                + range
                + ": too small, each node takes a /"
                + NODE_POD_PREFIX
                + " of it; choose a /"
                + NODE_POD_PREFIX
                + " or larger");
      } else if (range.isIpv4() && blocks < nodes) {
        problems.add(
            "--pod-cidr "
                + range
                + ": has room for the /"
                + NODE_POD_PREFIX
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
    if (nodes.isEmpty()) {
      return;
    }
    Cidr range = nodes.getFirst();
    // The last address is the broadcast address.
    long needed = (long) ClusterPlan.FIRST_NODE_OFFSET + count + 1;
    if (!range.isIpv4()) {
      problems.add("--node-cidr " + range + ": the node network is IPv4; choose an IPv4 range");
    } else if (range.size() < needed) {
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
