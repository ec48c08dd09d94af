package io.podwire.controlplane.boot;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The command line as it was given. Every option may come from the environment too: {@code
 * --pod-cidr} as {@code PODWIRE_POD_CIDR}.
 */
@Command(
    name = "control-plane",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    defaultValueProvider = Options.FromEnvironment.class,
    description =
        "Keeps the cluster's state, serves it to agents and DNS servers, and takes manifests.")
final class Options {
  static final String LOAD_BALANCER_CIDR = "100.64.0.0/24";
  static final String PROXY_MODE = "iptables";
  static final String ZONE = "cluster.local";
  static final String VNI = "1";
  static final String NODE_GRACE = "10";

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Run ZooKeeper in this process, with its state here.")
  @Nullable String data;

  @Option(
      names = "--zookeeper",
      paramLabel = "HOST:PORT,...",
      description = "Use this ZooKeeper (3.9 or newer) instead.")
  @Nullable String zookeeper;

  @Option(
      names = "--grpc",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:6500",
      description = "Where agents and DNS servers connect (${DEFAULT-VALUE}).")
  String grpc = "";

  @Option(
      names = "--http",
      paramLabel = "HOST:PORT",
      description = "Where the API listens; 127.0.0.1:8080 where --api-socket is not given either.")
  @Nullable String http;

  @Option(
      names = "--api-socket",
      paramLabel = "PATH",
      description = "Unix domain socket of the API.")
  @Nullable String apiSocket;

  @Option(
      names = "--advertise",
      paramLabel = "ADDR",
      description = "How Pods reach this control plane; the host of --grpc where not given.")
  @Nullable String advertise;

  @Option(
      names = "--pod-cidr",
      paramLabel = "CIDR",
      split = ",",
      defaultValue = "10.244.0.0/16",
      description = "Pod network, of which each node takes a /24 (${DEFAULT-VALUE}).")
  List<String> podCidrs = new ArrayList<>();

  @Option(
      names = "--service-cidr",
      paramLabel = "CIDR",
      split = ",",
      defaultValue = "10.96.0.0/16",
      description = "Service network (${DEFAULT-VALUE}).")
  List<String> serviceCidrs = new ArrayList<>();

  @Option(
      names = "--node-cidr",
      paramLabel = "CIDR",
      defaultValue = "172.30.0.0/24",
      description = "Node network (${DEFAULT-VALUE}).")
  String nodeCidr = "";

  @Option(
      names = "--load-balancer-cidr",
      paramLabel = "CIDR",
      split = ",",
      defaultValue = LOAD_BALANCER_CIDR,
      description =
          "Addresses for Services of type LoadBalancer (${DEFAULT-VALUE}); none: no addresses.")
  List<String> loadBalancerCidrs = new ArrayList<>();

  @Option(
      names = "--proxy-mode",
      paramLabel = "MODE",
      defaultValue = PROXY_MODE,
      description =
          "How nodes balance: iptables, ipvs/SCHEDULER, nftables, userspace or maglev"
              + " (${DEFAULT-VALUE}).")
  String proxyMode = "";

  @Option(
      names = "--zone",
      paramLabel = "NAME",
      defaultValue = ZONE,
      description = "DNS zone (${DEFAULT-VALUE}).")
  String zone = "";

  @Option(
      names = "--vni",
      paramLabel = "N",
      defaultValue = VNI,
      description = "VXLAN network identifier (${DEFAULT-VALUE}).")
  String vni = "";

  @Option(
      names = "--upstream",
      paramLabel = "ADDR[:PORT]",
      split = ",",
      description = "Resolver for names outside the zone; repeatable.")
  List<String> upstreams = new ArrayList<>();

  @Option(
      names = "--id",
      paramLabel = "NAME",
      defaultValue = "control-plane",
      description = "This control plane's name among several (${DEFAULT-VALUE}).")
  String id = "";

  @Option(
      names = "--manifest",
      paramLabel = "FILE",
      split = ",",
      description = "Manifests to apply at the cluster's first start; repeatable.")
  List<String> manifests = new ArrayList<>();

  @Option(
      names = "--node-grace",
      paramLabel = "SECONDS",
      defaultValue = NODE_GRACE,
      description = "How long a node stays Ready without its agent (${DEFAULT-VALUE}).")
  String nodeGrace = "";

  @Option(
      names = "--ready-file",
      paramLabel = "PATH",
      description = "File that exists while this control plane is ready.")
  @Nullable String readyFile;

  /** Reads {@code PODWIRE_*} variables. */
  static final class FromEnvironment implements CommandLine.IDefaultValueProvider {

    @Override
    public @Nullable String defaultValue(CommandLine.Model.ArgSpec argument) {
      if (!(argument instanceof CommandLine.Model.OptionSpec option)) {
        return null;
      }
      String name = option.longestName().substring(2).replace('-', '_').toUpperCase(Locale.ROOT);
      String value = System.getenv("PODWIRE_" + name);
      return value == null || value.isEmpty() ? option.defaultValue() : value;
    }
  }
}
