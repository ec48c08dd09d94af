package io.podwire.controlplane.boot;

import io.podwire.cluster.ipam.NetworkPlan;
import io.podwire.cluster.model.ClusterConfig;
import io.podwire.cluster.model.ProxyChoice;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.Vni;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Understands the options, and finds everything that is wrong with them at once. */
final class SettingsReader {

  private static final String NONE = "none";
  private static final int DNS_PORT = 53;
  private static final String ZONE_FORM =
      "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*";
  private static final String ID_FORM = "[A-Za-z0-9]([-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?";
  private static final String DEFAULT_HTTP = "127.0.0.1:8080";
  private static final String ADDRESS_EXAMPLE = "write HOST:PORT such as 172.30.0.2:6500";

  private final List<String> problems = new ArrayList<>();
  private final Options options;

  private SettingsReader(Options options) {
    this.options = options;
  }

  /**
   * @throws StartupException with every problem
   */
  static Settings read(Options options) {
    return new SettingsReader(options).read();
  }

  private Settings read() {
    checkZooKeeper();
    InetSocketAddress grpc = address("--grpc", options.grpc);
    String http = options.http;
    if (http == null && options.apiSocket == null) {
      http = DEFAULT_HTTP;
    }
    InetSocketAddress api = http == null ? null : address("--http", http);
    IpAddress advertise = advertise(grpc);
    if (!options.id.matches(ID_FORM)) {
      problem("--id", options.id, "write letters, digits, '-', '_' and '.'");
    }
    ClusterConfig config = config();
    List<Path> manifests = manifests();
    Duration grace =
        number("--node-grace", options.nodeGrace, 1, 86_400).map(Duration::ofSeconds).orElse(null);
    if (!problems.isEmpty()
        || grpc == null
        || advertise == null
        || config == null
        || grace == null) {
      throw new StartupException(problems);
    }
    return new Settings(
        Optional.ofNullable(options.data).map(Path::of),
        Optional.ofNullable(options.zookeeper),
        grpc,
        Optional.ofNullable(api),
        Optional.ofNullable(options.apiSocket).map(Path::of),
        advertise,
        config,
        options.id,
        manifests,
        grace,
        Optional.ofNullable(options.readyFile).map(Path::of));
  }

  private void checkZooKeeper() {
    String servers = options.zookeeper;
    if (options.data == null && servers == null) {
      problems.add(
          "--data is missing: name a directory for the state, or a ZooKeeper with --zookeeper");
    } else if (options.data != null && servers != null) {
      problem(
          "--zookeeper", servers, "leave it out or leave --data out: the state is in one place");
    }
    if (servers != null) {
      for (String server : servers.split(",", -1)) {
        address("--zookeeper", server, "write HOST:PORT such as zookeeper:2181");
      }
    }
  }

  private @Nullable IpAddress advertise(@Nullable InetSocketAddress grpc) {
    String text = options.advertise;
    if (text != null) {
      return parse("--advertise", text, IpAddress::parse);
    }
    if (grpc == null) {
      return null;
    }
    if (grpc.getAddress().isAnyLocalAddress()) {
      problems.add(
          "--advertise is missing: --grpc listens on every address, so name the one that agents and"
              + " Pods reach");
      return null;
    }
    return IpAddress.of(grpc.getAddress().getAddress());
  }

  private @Nullable ClusterConfig config() {
    Optional<NetworkPlan> plan = plan();
    if (!options.zone.matches(ZONE_FORM)) {
      problem("--zone", options.zone, "write lower-case labels such as cluster.local");
    }
    Vni vni =
        number("--vni", options.vni, 0, Vni.MAX).map(Math::toIntExact).map(Vni::new).orElse(null);
    List<Cidr> balancers =
        options.loadBalancerCidrs.equals(List.of(NONE))
            ? List.of()
            : cidrs("--load-balancer-cidr", options.loadBalancerCidrs);
    ProxyChoice proxy = parse("--proxy-mode", options.proxyMode, ProxyChoice::parse);
    List<String> upstreams = new ArrayList<>();
    options.upstreams.forEach(text -> upstream(text).ifPresent(upstreams::add));
    if (plan.isEmpty() || vni == null || proxy == null) {
      return null;
    }
    NetworkPlan ranges = plan.get();
    ranges
        .conflicts("load-balancer-cidr", balancers)
        .forEach(conflict -> problems.add("--" + conflict));
    return new ClusterConfig(
        ranges.podCidrs(),
        ranges.serviceCidrs(),
        ranges.nodeCidr(),
        NetworkPlan.nodePrefixLength(ranges.podCidrs().get(0)),
        options.zone,
        ranges.dnsAddress(),
        vni,
        upstreams,
        balancers,
        proxy);
  }

  private Optional<NetworkPlan> plan() {
    int before = problems.size();
    List<Cidr> pods = cidrs("--pod-cidr", options.podCidrs);
    List<Cidr> services = cidrs("--service-cidr", options.serviceCidrs);
    Cidr nodes = parse("--node-cidr", options.nodeCidr, Cidr::parse);
    if (problems.size() > before || nodes == null) {
      return Optional.empty();
    }
    NetworkPlan plan = new NetworkPlan(pods, services, nodes);
    List<String> conflicts = plan.problems();
    conflicts.forEach(conflict -> problems.add("--" + conflict));
    return conflicts.isEmpty() ? Optional.of(plan) : Optional.empty();
  }

  private List<Cidr> cidrs(String option, List<String> texts) {
    List<Cidr> cidrs = new ArrayList<>();
    for (String text : texts) {
      Cidr cidr = parse(option, text, Cidr::parse);
      if (cidr != null) {
        cidrs.add(cidr);
      }
    }
    return cidrs;
  }

  private Optional<String> upstream(String text) {
    boolean bare = IpAddress.tryParse(text).isPresent();
    int colon = text.lastIndexOf(':');
    String host = bare ? text : colon < 0 ? text : text.substring(0, colon);
    String port = bare ? Integer.toString(DNS_PORT) : colon < 0 ? "" : text.substring(colon + 1);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    if (IpAddress.tryParse(host).isEmpty() || !isPort(port)) {
      problem("--upstream", text, "write an IP address such as 9.9.9.9 or 9.9.9.9:53");
      return Optional.empty();
    }
    // An IPv6 address without a port stays as it is, with one it is in brackets (RFC 3986).
    return Optional.of(host.contains(":") ? "[" + host + "]:" + port : host + ":" + port);
  }

  private List<Path> manifests() {
    List<Path> files = new ArrayList<>();
    for (String text : options.manifests) {
      Path file = Path.of(text);
      if (!Files.isReadable(file)) {
        problem("--manifest", text, "the file cannot be read; name one that exists");
      }
      files.add(file);
    }
    return files;
  }

  private @Nullable InetSocketAddress address(String option, String text) {
    if (!address(option, text, ADDRESS_EXAMPLE)) {
      return null;
    }
    int colon = text.lastIndexOf(':');
    InetSocketAddress address =
        new InetSocketAddress(
            text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    if (address.isUnresolved()) {
      problem(option, text, "the host is not known; " + ADDRESS_EXAMPLE);
      return null;
    }
    return address;
  }

  private boolean address(String option, String text, String fix) {
    int colon = text.lastIndexOf(':');
    if (colon <= 0 || !isPort(text.substring(colon + 1))) {
      problem(option, text, fix);
      return false;
    }
    return true;
  }

  private static boolean isPort(String text) {
    return text.matches("[0-9]{1,5}") && Integer.parseInt(text) <= 65_535;
  }

  private Optional<Long> number(String option, String text, long least, long most) {
    if (text.matches("[0-9]{1,10}")) {
      long number = Long.parseLong(text);
      if (number >= least && number <= most) {
        return Optional.of(number);
      }
    }
    problem(option, text, "write a number from " + least + " to " + most);
    return Optional.empty();
  }

  private <T> @Nullable T parse(String option, String text, Function<String, T> parser) {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      problems.add(option + " " + text + ": " + e.getMessage());
      return null;
    }
  }

  private void problem(String option, String value, String fix) {
    problems.add(option + " " + value + ": " + fix);
  }
}
