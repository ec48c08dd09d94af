package io.podwire.netstack.service.iptables;

import io.podwire.netstack.service.Backend;
import io.podwire.netstack.service.Frontend;
import io.podwire.netstack.service.ProxyNode;
import io.podwire.netstack.service.RuleNames;
import io.podwire.netstack.service.ServicePort;
import io.podwire.netstack.service.VirtualService;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The chains and rules of one Service port with all its addresses, made anew when one of them
 * changes; what a chain of an endpoint remembers of clients lasts as long as the endpoint.
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
final class ServiceChains {

  /** kube-proxy has a set of rules for each family. */
  record Key(String name, int protocol, boolean ipv4) {
    static Key of(ServicePort port) {
      return new Key(port.service().name(), port.key().protocol(), port.key().address().isIpv4());
    }
  }

  private static final int NAME_DIGITS = 16;

  private final Key key;
  private final Tables tables;
  private final ProxyNode node;
  private final RandomGenerator random;
  private final String hashed;
  private final Map<ServicePort, VirtualService> frontends = new LinkedHashMap<>(2);
  private final List<Rule> entries = new ArrayList<>();
  private List<Chain> chains = List.of();
  private Map<Backend, EndpointChain> endpoints = new LinkedHashMap<>();

  private record EndpointChain(Chain chain, RecentList clients) {}

  ServiceChains(Key key, Tables tables, ProxyNode node, RandomGenerator random) {
    this.key = key;
    this.tables = tables;
    this.node = node;
    this.random = random;
    this.hashed = RuleNames.hash(hashedText(), NAME_DIGITS);
  }

  private String hashedText() {
    return key.name() + RuleNames.protocol(key.protocol());
  }

  Key key() {
    return key;
  }

  void put(ServicePort port) {
    frontends.remove(port);
    frontends.put(port, port.service());
    rebuild(port.service());
  }

  /** Forgets an address; true where it was the last one. */
  boolean remove(ServicePort port) {
    VirtualService gone = frontends.remove(port);
    if (gone != null) {
      rebuild(gone);
    }
    return frontends.isEmpty();
  }

  List<Chain> chains() {
    return chains;
  }

  int size() {
    int rules = 0;
    for (Chain chain : chains) {
      rules += chain.size();
    }
    return rules;
  }

  private Chain chain(String prefix) {
    return new Chain(prefix + hashed);
  }

  private @Nullable VirtualService any(boolean external) {
    for (VirtualService service : frontends.values()) {
      if (service.frontend().isExternal() == external) {
        return service;
      }
    }
    return null;
  }

  private void rebuild(VirtualService latest) {
    entries.forEach(ServiceChains::unlink);
    entries.clear();
    chains = List.of();
    if (frontends.isEmpty()) {
      endpoints = Map.of();
      return;
    }
    // Every frontend has the same ones; the last that was put is the newest.
    List<Backend> cluster = latest.backends();
    List<Backend> local = latest.localBackends();
    boolean none = cluster.isEmpty() && local.isEmpty();
    VirtualService internal = any(false);
    VirtualService external = any(true);
    boolean internalLocal = internal != null && internal.localOnly();
    boolean externalLocal = external != null && external.localOnly();
    keepEndpoints(cluster, local, latest.affinitySeconds() > 0);
    Chain svc = chain("KUBE-SVC-");
    Chain svl = chain("KUBE-SVL-");
    Chain ext = chain("KUBE-EXT-");
    Chain firewall = chain("KUBE-FW-");
    if (external != null && !none) {
      List<Backend> outer = externalLocal ? local : cluster;
      fillExternal(ext, externalLocal, svc, outer.isEmpty() ? null : externalLocal ? svl : svc);
      fillFirewall(firewall, ext);
    }
    Chain inner = internalLocal ? svl : svc;
    for (ServicePort port : frontends.keySet()) {
      enter(
          port,
          none,
          inner,
          internalLocal ? local : cluster,
          ext,
          firewall,
          externalLocal ? local : cluster);
    }
    balance(svc, cluster, latest.affinitySeconds());
    balance(svl, local, latest.affinitySeconds());
    boolean usesCluster = !cluster.isEmpty() && (external != null || !internalLocal);
    boolean usesLocal = !local.isEmpty() && (internalLocal || externalLocal);
    List<Chain> used = new ArrayList<>();
    if (ext.size() > 0) {
      used.add(ext);
    }
    if (firewall.size() > 0) {
      used.add(firewall);
    }
    if (usesCluster) {
      used.add(svc);
    }
    if (usesLocal) {
      used.add(svl);
    }
    endpoints.forEach((backend, endpoint) -> {
      if (usesCluster && cluster.contains(backend) || usesLocal && local.contains(backend)) {
        used.add(endpoint.chain());
      }
    });
    chains = used;
  }

  private static void unlink(Rule rule) {
    Chain chain = rule.chain;
    if (chain != null) {
      chain.remove(rule);
    }
  }

  /** The rules of the tables' own chains that lead to one address of the Service port. */
  private void enter(
      ServicePort port,
      boolean none,
      Chain inner,
      List<Backend> innerBackends,
      Chain ext,
      Chain firewall,
      List<Backend> outerBackends) {
    VirtualService service = port.service();
    String refusal = key.name() + (none ? " has no endpoints" : " has no local endpoints");
    Target refused = none ? Target.Plain.REJECT : Target.Plain.DROP;
    if (!service.frontend().isExternal()) {
      if (innerBackends.isEmpty()) {
        add(tables.refusals, port, refused, refusal);
      } else {
        add(tables.services, port, new Target.Jump(inner), key.name() + " cluster IP");
        if (!node.podCidrs().isEmpty()) {
          inner.add(
              new Target.Jump(tables.markMasquerade),
              fromOutside(port, key.name() + " cluster IP"));
        }
      }
      return;
    }
    boolean guarded = service.frontend() == Frontend.LOAD_BALANCER && firewall.size() > 0;
    if (!none) {
      Chain to = guarded ? firewall : ext;
      Chain from = service.frontend() == Frontend.NODE_PORT ? tables.nodePorts : tables.services;
      add(from, port, new Target.Jump(to), comment(service.frontend()));
      if (guarded) {
        add(
            tables.firewall,
            port,
            Target.Plain.DROP,
            key.name() + " traffic not accepted by " + firewall.name());
      }
    }
    if (outerBackends.isEmpty()) {
      add(tables.external, port, refused, refusal);
    }
  }

  private String comment(Frontend frontend) {
    return switch (frontend) {
      case CLUSTER_IP -> key.name() + " cluster IP";
      case NODE_PORT -> key.name();
      case EXTERNAL_IP -> key.name() + " external IP";
      case LOAD_BALANCER -> key.name() + " loadbalancer IP";
    };
  }

  private void add(Chain chain, ServicePort port, Target target, String comment) {
    int protocol = port.key().protocol();
    Match number = new Match.Port(protocol, port.key().port());
    Match words = new Match.Comment(comment);
    Match transport = new Match.Protocol(protocol);
    boolean nodePort = port.service().frontend() == Frontend.NODE_PORT;
    Match[] matches;
    if (!nodePort) {
      matches = new Match[] {new Match.Destination(port.key().address()), transport, words, number};
    } else if (chain == tables.nodePorts) {
      // Who comes here goes to the node.
      matches = new Match[] {transport, words, number};
    } else {
      matches = new Match[] {transport, words, new Match.Local(false), number};
    }
    Rule rule = new FrontendRule(port, target, matches);
    entries.add(rule);
    if (chain == tables.services) {
      tables.addService(rule);
    } else {
      chain.add(rule);
    }
  }

  /** Of an address's packets those that do not come from Pods. */
  private Match[] fromOutside(ServicePort port, String comment) {
    int protocol = port.key().protocol();
    List<Match> matches = new ArrayList<>();
    for (Cidr pods : node.podCidrs()) {
      if (pods.isIpv4() == key.ipv4()) {
        matches.add(new Match.Source(pods, true));
        break;
      }
    }
    matches.add(new Match.Destination(port.key().address()));
    matches.add(new Match.Protocol(protocol));
    matches.add(new Match.Comment(comment));
    matches.add(new Match.Port(protocol, port.key().port()));
    return matches.toArray(Match[]::new);
  }

  private void fillExternal(Chain ext, boolean local, Chain svc, @Nullable Chain policy) {
    String destinations = " for " + key.name() + " external destinations";
    Target mark = new Target.Jump(tables.markMasquerade);
    if (!local) {
      ext.add(mark, new Match.Comment("masquerade traffic" + destinations));
    } else {
      Target all = new Target.Jump(svc);
      for (Cidr pods : node.podCidrs()) {
        if (pods.isIpv4() == key.ipv4()) {
          Match words = new Match.Comment("pod traffic" + destinations);
          ext.add(all, new Match.Source(pods, false), words);
        }
      }
      Match own = new Match.Local(true);
      ext.add(mark, new Match.Comment("masquerade LOCAL traffic" + destinations), own);
      ext.add(all, new Match.Comment("route LOCAL traffic" + destinations), own);
    }
    if (policy != null) {
      ext.add(new Target.Jump(policy));
    }
  }

  private void fillFirewall(Chain firewall, Chain ext) {
    for (Map.Entry<ServicePort, VirtualService> entry : frontends.entrySet()) {
      VirtualService service = entry.getValue();
      if (service.frontend() == Frontend.LOAD_BALANCER && !service.sourceRanges().isEmpty()) {
        fillFirewall(firewall, ext, service.sourceRanges());
        return;
      }
    }
  }

  private void fillFirewall(Chain firewall, Chain ext, List<Cidr> ranges) {
    Match words = new Match.Comment(key.name() + " loadbalancer IP");
    boolean nodeAllowed = false;
    for (Cidr range : ranges) {
      firewall.add(new Target.Jump(ext), new Match.Source(range, false), words);
      for (IpAddress own : node.node()) {
        nodeAllowed |= range.contains(own);
      }
    }
    for (ServicePort port : frontends.keySet()) {
      if (nodeAllowed && port.service().frontend() == Frontend.LOAD_BALANCER) {
        Match own = new Match.Source(Cidr.host(port.key().address()), false);
        firewall.add(new Target.Jump(ext), own, words);
      }
    }
    firewall.add(
        Target.Plain.NONE,
        new Match.Comment(
            "other traffic to " + key.name() + " will be dropped by KUBE-PROXY-FIREWALL"));
  }

  private void keepEndpoints(List<Backend> cluster, List<Backend> local, boolean affinity) {
    Map<Backend, EndpointChain> before = endpoints;
    endpoints = new LinkedHashMap<>();
    for (List<Backend> backends : List.of(cluster, local)) {
      for (Backend backend : backends) {
        if (!endpoints.containsKey(backend)) {
          endpoints.put(backend, endpointChain(backend, affinity, before.get(backend)));
        }
      }
    }
  }

  private EndpointChain endpointChain(
      Backend backend, boolean affinity, @Nullable EndpointChain before) {
    String socket = RuleNames.socket(backend.address(), backend.port());
    String name =
        before == null
            ? "KUBE-SEP-" + RuleNames.hash(hashedText() + socket, NAME_DIGITS)
            : before.chain().name();
    RecentList clients = before == null ? new RecentList(name) : before.clients();
    Chain chain = new Chain(name);
    Match words = new Match.Comment(key.name());
    Match itself = new Match.Source(Cidr.host(backend.address()), false);
    chain.add(new Target.Jump(tables.markMasquerade), itself, words);
    Match transport = new Match.Protocol(key.protocol());
    if (affinity) {
      chain.add(new Target.Dnat(backend), transport, words, new Match.Enter(clients));
    } else {
      chain.add(new Target.Dnat(backend), transport, words);
    }
    return new EndpointChain(chain, clients);
  }

  /** One rule for each client list, then one for each endpoint: the i-th takes 1/(n-i) of them. */
  private void balance(Chain chain, List<Backend> backends, int affinitySeconds) {
    if (affinitySeconds > 0) {
      for (Backend backend : backends) {
        EndpointChain endpoint = endpoint(backend);
        chain.add(
            new Target.Jump(endpoint.chain()),
            arrow(backend),
            new Match.Listed(endpoint.clients(), affinitySeconds));
      }
    }
    for (int i = 0; i < backends.size(); i++) {
      Target to = new Target.Jump(endpoint(backends.get(i)).chain());
      int left = backends.size() - i;
      if (left > 1) {
        chain.add(to, arrow(backends.get(i)), new Match.Chance(1.0 / left, random));
      } else {
        chain.add(to, arrow(backends.get(i)));
      }
    }
  }

  private EndpointChain endpoint(Backend backend) {
    EndpointChain endpoint = endpoints.get(backend);
    if (endpoint == null) {
      throw new IllegalStateException("no chain for " + backend);
    }
    return endpoint;
  }

  private Match arrow(Backend backend) {
    return new Match.Comment(
        key.name() + " -> " + RuleNames.socket(backend.address(), backend.port()));
  }
}
