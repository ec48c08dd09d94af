package io.podwire.dns.kubernetes;

import io.podwire.dns.corefile.Directive;
import io.podwire.dns.corefile.Line;
import io.podwire.dns.corefile.Problems;
import io.podwire.dns.corefile.ServerBlock;
import io.podwire.dns.corefile.Token;
import io.podwire.dns.handler.DnsHandler;
import io.podwire.dns.handler.Query;
import io.podwire.dns.plugin.Part;
import io.podwire.dns.plugin.Plugin;
import io.podwire.dns.plugin.SearchPaths;
import io.podwire.dns.plugin.Site;
import io.podwire.dns.plugin.Words;
import io.podwire.dns.plugin.Zones;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.dns.DnsName;
import io.podwire.packet.dns.ReverseName;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** {@code kubernetes [ZONES…]}: the cluster's zone; see the README in this folder. */
public final class KubernetesPlugin implements Plugin {
  private static final String[] OPTIONS = {
    "pods",
    "fallthrough",
    "ttl",
    "namespaces",
    "namespace_labels",
    "labels",
    "endpoint_pod_names",
    "noendpoints",
    "ignore",
    "startup_timeout",
    "own_ranges"
  };

  private final ClusterState state;
  private final boolean follows;

  /**
   * Serves one state, however often it is configured.
   *
   * @param follows whether there is a control plane that tells it anything
   */
  public KubernetesPlugin(ClusterState state, boolean follows) {
    this.state = state;
    this.follows = follows;
  }

  @Override
  public String name() {
    return "kubernetes";
  }

  @Override
  public Draft read(List<Directive> uses, ServerBlock block, Problems problems) {
    Words.once(uses, problems);
    Directive use = uses.get(0);
    Zones zones = Zones.readOrOf(block, use.head().arguments(), problems);
    Reader reader = new Reader(problems);
    use.options().forEach(reader::option);
    boolean onlyReverse =
        !zones.cluster()
            && zones.fixed().stream()
                .allMatch(each ->
                    each.isAtOrBelow(ReverseName.IPV4_ZONE)
                        || each.isAtOrBelow(ReverseName.IPV6_ZONE));
    if (onlyReverse) {
      problems.add(use.head().first(), "kubernetes needs a zone that is no reverse one");
    }
    if (!follows) {
      problems.add(
          use.head().first(),
          "kubernetes needs a control plane to follow; start the server with --control-plane"
              + " HOST:PORT");
    }
    if (reader.selectsNamespacesTwice()) {
      problems.add(
          use.head().first(), "'namespaces' and 'namespace_labels' exclude each other; keep one");
    }
    ZoneRules rules = reader.rules(zones);
    return site -> part(rules, site);
  }

  private Part part(ZoneRules rules, Site site) {
    KubernetesHandler handler =
        new KubernetesHandler(state, rules, site.clusterZone(), site.counters());
    return new ClusterPart(state, rules, site.clusterZone(), handler);
  }

  /** Takes the options in, one after the other. */
  private static final class Reader {
    private final Problems problems;
    private ZoneRules.PodMode pods = ZoneRules.PodMode.DISABLED;
    private Zones fallthrough = Zones.NONE;
    private long ttl = ZoneRules.DEFAULT_TTL;
    private final Set<String> namespaces = new HashSet<>();
    private LabelFilter namespaceLabels = LabelFilter.ALL;
    private LabelFilter labels = LabelFilter.ALL;
    private boolean podNames;
    private boolean endpoints = true;
    private boolean emptyServices = true;
    private boolean ownRanges;

    Reader(Problems problems) {
      this.problems = problems;
    }

    void option(Line line) {
      Words words = new Words(line, problems);
      switch (line.name()) {
        case "pods" ->
            pods =
                ZoneRules.PodMode.valueOf(
                    words
                        .oneOf("mode of pods", "disabled", "insecure", "verified")
                        .toUpperCase(Locale.ROOT));
        case "fallthrough" -> fallthrough = Zones.readOrAll(words.rest(), problems);
        case "ttl" -> ttl = words.number("ttl in seconds", 0, 3600, 5);
        case "namespaces" -> {
          if (!words.hasNext()) {
            words.problem("'namespaces' lacks at least one namespace");
          }
          words.rest().stream()
              .map(Token::text)
              .map(each -> each.toLowerCase(Locale.ROOT))
              .forEach(namespaces::add);
        }
        case "endpoint_pod_names" -> podNames = true;
        case "noendpoints" -> endpoints = false;
        case "ignore" -> {
          words.oneOf("thing to ignore", "empty_service");
          emptyServices = false;
        }
        // The state is waited for as long as it takes; until then all is SERVFAIL.
        case "startup_timeout" -> words.duration("startup_timeout", Duration.ZERO);
        case "own_ranges" -> ownRanges = true;
        case "endpoint",
            "tls",
            "kubeconfig",
            "apiserver_qps",
            "apiserver_burst",
            "apiserver_max_inflight" -> {
          words.rest();
          problems.add(
              line.first(),
              "'"
                  + line.name()
                  + "' is not needed here: the server follows the control plane that"
                  + " --control-plane names; take the line out");
        }
        case "labels" -> labels = filter(words);
        case "namespace_labels" -> namespaceLabels = filter(words);
        case "multicluster", "zonal" -> {
          words.rest();
          problems.add(line.first(), "'" + line.name() + "' is not built; take the line out");
        }
        default -> {
          words.rest();
          Words.unknown("kubernetes", line, problems, OPTIONS);
        }
      }
      words.end();
    }

    private static LabelFilter filter(Words words) {
      // A selector may have white space in it: "tier in (a, b)".
      String text = words.rest().stream().map(Token::text).collect(Collectors.joining(" "));
      return LabelFilter.parse(text)
          .orElseGet(() -> {
            words.problem(
                "'"
                    + text
                    + "' is no label selector; write key=value, key!=value, key in (a,b), key or"
                    + " !key, joined by commas");
            return LabelFilter.ALL;
          });
    }

    boolean selectsNamespacesTwice() {
      return !namespaces.isEmpty() && !namespaceLabels.isAll();
    }

    ZoneRules rules(Zones zones) {
      return new ZoneRules(
          zones,
          fallthrough,
          pods,
          ttl,
          namespaces,
          namespaceLabels,
          labels,
          podNames,
          endpoints,
          emptyServices,
          ownRanges);
    }
  }

  /** The handler, and what {@code autopath} and {@code ready} ask of it. */
  private record ClusterPart(
      ClusterState state, ZoneRules rules, Supplier<DnsName> clusterZone, KubernetesHandler answers)
      implements Part, SearchPaths {

    @Override
    public DnsHandler handler() {
      return answers;
    }

    @Override
    public boolean isReady() {
      return state.index() != null;
    }

    @Override
    public List<DnsName> of(Query query) {
      ClusterIndex index = state.index();
      DnsName zone = rules.zones().match(query.name(), clusterZone);
      if (index == null || zone == null || rules.pods() != ZoneRules.PodMode.VERIFIED) {
        return List.of();
      }
      IpAddress client = IpAddress.of(query.client().getAddress().getAddress());
      return index.podsWith(client).stream()
          .findFirst()
          .map(pod -> {
            DnsName services = zone.child("svc");
            return List.of(services.child(pod.namespace()), services, zone);
          })
          .orElse(List.of());
    }
  }
}
