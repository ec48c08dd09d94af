package io.podwire.cli;

import io.podwire.cli.local.ClusterPlan;
import io.podwire.cli.local.ClusterPlanCheck;
import io.podwire.cli.local.ClusterStart;
import io.podwire.cli.local.IpFamily;
import io.podwire.cli.local.Progress;
import io.podwire.cli.outcome.CommandFailure;
import io.podwire.cli.outcome.ExitCode;
import io.podwire.client.manifest.ManifestFiles;
import io.podwire.client.manifest.ManifestStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code podwire up}: starts a cluster on this machine. */
@Command(
    name = "up",
    description = "Start a cluster on this machine; returns when all of it is Ready.",
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class UpCommand extends Invocation implements Callable<Integer> {
  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE",
      description = "manifests to apply: a file, a folder, or - for standard input; repeatable")
  List<String> files = new ArrayList<>();

  @Option(names = "--nodes", paramLabel = "N", defaultValue = "3", description = "default: 3")
  int nodes;

  @Option(
      names = "--ip-family",
      paramLabel = "FAMILY",
      defaultValue = "ipv4",
      description = "${COMPLETION-CANDIDATES}: the families of all addresses (default: ipv4)")
  IpFamily family = IpFamily.IPV4;

  @Option(
      names = "--pod-cidr",
      paramLabel = "CIDR",
      split = ",",
      description = "Pods' addresses (default: 10.244.0.0/16, fd00:10:244::/48 or both)")
  List<String> podCidrs = new ArrayList<>();

  @Option(
      names = "--service-cidr",
      paramLabel = "CIDR",
      split = ",",
      description = "Services' addresses (default: 10.96.0.0/16, fd00:10:96::/112 or both)")
  List<String> serviceCidrs = new ArrayList<>();

  @Option(
      names = "--node-cidr",
      paramLabel = "CIDR",
      split = ",",
      description = {
        "the network between the nodes (default: 172.30.0.0/24, fd00:172:30::/64 or both)",
        "tunnels go over the first"
      })
  List<String> nodeCidrs = new ArrayList<>();

  @Option(
      names = "--load-balancer-cidr",
      paramLabel = "CIDR",
      split = ",",
      description =
          "addresses of load balancers, or none (default: 100.64.0.0/24, fd00:100:64::/112 or"
              + " both)")
  List<String> loadBalancerCidrs = new ArrayList<>();

  @Option(
      names = "--proxy-mode",
      paramLabel = "MODE",
      defaultValue = "iptables",
      description =
          "how nodes balance: iptables, ipvs[/SCHEDULER], nftables, userspace, maglev (default:"
              + " ${DEFAULT-VALUE})")
  String proxyMode = "";

  @Option(
      names = "--upstream",
      paramLabel = "ADDRESS[:PORT]",
      split = ",",
      description = "resolver on the node network for names outside the cluster; repeatable")
  List<String> upstreams = new ArrayList<>();

  @Option(
      names = "--hosts",
      paramLabel = "FILE",
      description = "also run a resolver outside the cluster that answers from this hosts file")
  @Nullable Path hosts;

  @Option(
      names = "--corefile",
      paramLabel = "FILE",
      description = "what the cluster's DNS server serves by, in CoreDNS's form (docs/dns.md)")
  @Nullable Path corefile;

  @Option(
      names = "--preset",
      defaultValue = "iana",
      description = "iana: VXLAN on UDP 4789; flannel: 8472 (default: ${DEFAULT-VALUE})")
  String preset = "";

  @Option(
      names = "--host-route",
      description = "give this machine routes to Pods and Services; they go with the cluster")
  boolean hostRoute;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "180",
      description = "give up, and remove everything, after this time (default: ${DEFAULT-VALUE})")
  int timeout;

  @Option(names = "--keep-logs", description = "keep the logs of a start that failed")
  boolean keepLogs;

  @Override
  public Integer call() {
    if (podwire().isRemote()) {
      throw new CommandFailure(
          "--server: 'up' starts a cluster on this machine; leave it out", ExitCode.USAGE, null);
    }
    ClusterPlan plan =
        ClusterPlanCheck.plan(
            new ClusterPlanCheck.Options(
                nodes,
                podCidrs.isEmpty() ? family.podCidrs() : podCidrs,
                serviceCidrs.isEmpty() ? family.serviceCidrs() : serviceCidrs,
                nodeCidrs.isEmpty() ? family.nodeCidrs() : nodeCidrs,
                loadBalancerCidrs,
                proxyMode,
                upstreams,
                preset,
                hosts,
                corefile));
    Optional<ManifestStream> manifests =
        files.isEmpty() ? Optional.empty() : Optional.of(ManifestFiles.read(files, System.in));
    Progress progress = progress();
    new ClusterStart(
            podwire().home(),
            new ClusterStart.Request(
                plan, manifests, Duration.ofSeconds(timeout), keepLogs, hostRoute),
            progress,
            System.getenv())
        .run();
    progress.line("Look at it: podwire status, podwire get pods -A. Stop it: podwire down");
    if (!hostRoute) {
      progress.line("Reach it from this machine, as root: sh " + podwire().home().hostRoute());
    }
    return ExitCode.OK;
  }
}
