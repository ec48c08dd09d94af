package io.podwire.netstack.service.nftables;

import io.podwire.netstack.service.Backend;
import io.podwire.netstack.service.Frontend;
import io.podwire.netstack.service.ProxyNode;
import io.podwire.netstack.service.RuleNames;
import io.podwire.netstack.service.ServicePort;
import io.podwire.netstack.service.VirtualService;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** kube-proxy's table as {@code nft list table} prints it and {@code nft -f} takes it. */
final class NftablesText {

  private final ProxyNode node;
  private final boolean ipv4;
  private final StringBuilder out;
  private final String ip;
  private final Set<String> clusterIps = new LinkedHashSet<>();
  private final List<String> serviceIps = new ArrayList<>();
  private final List<String> nodePorts = new ArrayList<>();
  private final List<String> firewalls = new ArrayList<>();
  private final List<String> refusedIps = new ArrayList<>();
  private final List<String> refusedPorts = new ArrayList<>();
  private final StringBuilder sets = new StringBuilder();
  private final StringBuilder chains = new StringBuilder();

  NftablesText(ProxyNode node, boolean ipv4, StringBuilder out) {
    this.node = node;
    this.ipv4 = ipv4;
    this.out = out;
    this.ip = ipv4 ? "ip" : "ip6";
  }

  void print(Collection<ServiceSets> services) {
    for (ServiceSets service : services) {
      if (service.key().ipv4() == ipv4) {
        collect(service);
      }
    }
    String address = ipv4 ? "ipv4_addr" : "ipv6_addr";
    String socket = address + " . inet_proto . inet_service : verdict";
    out.append("table ").append(ip).append(" kube-proxy {\n");
    set("set", "cluster-ips", address, "Active ClusterIPs", clusterIps);
    set("set", "nodeport-ips", address, "IPs that accept NodePort traffic", own());
    set("map", "firewall-ips", socket, "destinations with source ranges", firewalls);
    set("map", "service-ips", socket, "ClusterIP, ExternalIP and LoadBalancer IP", serviceIps);
    set("map", "no-endpoint-services", socket, "Services without endpoints", refusedIps);
    String port = "inet_proto . inet_service : verdict";
    set("map", "service-nodeports", port, "NodePort traffic", nodePorts);
    set("map", "no-endpoint-nodeports", port, "NodePorts without endpoints", refusedPorts);
    out.append(sets);
    printBase();
    out.append(chains).append("}\n");
  }

  private List<String> own() {
    return node.node().stream()
        .filter(address -> address.isIpv4() == ipv4)
        .map(IpAddress::toString)
        .toList();
  }

  private void set(
      String kind, String name, String type, String comment, Collection<String> elements) {
    out.append("\t").append(kind).append(' ').append(name).append(" {\n\t\ttype ").append(type);
    out.append("\n\t\tcomment \"").append(comment).append("\"\n");
    if (!elements.isEmpty()) {
      out.append("\t\telements = { ").append(String.join(",\n\t\t\t", elements)).append(" }\n");
    }
    out.append("\t}\n");
  }

  private void printBase() {
    hook("filter-prerouting-pre-dnat", "filter hook prerouting priority -110", "firewall-check");
    hook("filter-output-pre-dnat", "filter hook output priority -110", "firewall-check");
    hook(
        "filter-forward",
        "filter hook forward priority 0",
        "service-endpoints-check",
        "cluster-ips-check");
    hook(
        "filter-input",
        "filter hook input priority 0",
        "nodeport-endpoints-check",
        "service-endpoints-check");
    hook(
        "filter-output",
        "filter hook output priority 0",
        "service-endpoints-check",
        "cluster-ips-check");
    chain(out, "nat-prerouting", "type nat hook prerouting priority -100;", "jump services");
    chain(out, "nat-output", "type nat hook output priority -100;", "jump services");
    chain(out, "nat-postrouting", "type nat hook postrouting priority 100;", "jump masquerading");
    String socket = ip + " daddr . meta l4proto . th dport vmap @";
    String port = ip + " daddr @nodeport-ips meta l4proto . th dport vmap @";
    chain(out, "services", socket + "service-ips", port + "service-nodeports");
    chain(out, "firewall-check", socket + "firewall-ips");
    chain(out, "service-endpoints-check", socket + "no-endpoint-services");
    chain(out, "nodeport-endpoints-check", port + "no-endpoint-nodeports");
    List<String> checks = new ArrayList<>();
    checks.add(ip + " daddr @cluster-ips reject comment \"Reject traffic to invalid ports\"");
    List<String> networks = texts(node.serviceCidrs());
    if (!networks.isEmpty()) {
      checks.add(
          ip
              + " daddr { "
              + String.join(", ", networks)
              + " } drop comment \"Drop traffic to unallocated ClusterIPs\"");
    }
    chain(out, "cluster-ips-check", checks.toArray(String[]::new));
    chain(out, "reject-chain", "reject");
    chain(out, "mark-for-masquerade", "mark set mark or 0x4000");
    chain(
        out,
        "masquerading",
        "mark and 0x4000 == 0 return",
        "mark set mark xor 0x4000",
        "masquerade fully-random");
  }

  private void hook(String name, String hook, String... jumps) {
    List<String> rules = new ArrayList<>();
    rules.add("type " + hook + ";");
    for (String jump : jumps) {
      rules.add("ct state new jump " + jump);
    }
    chain(out, name, rules.toArray(String[]::new));
  }

  private static void chain(StringBuilder to, String name, String... rules) {
    to.append("\tchain ").append(name).append(" {\n");
    for (String rule : rules) {
      to.append("\t\t").append(rule).append('\n');
    }
    to.append("\t}\n");
  }

  private List<String> texts(List<Cidr> cidrs) {
    return cidrs.stream().filter(cidr -> cidr.isIpv4() == ipv4).map(Cidr::toString).toList();
  }

  /** The elements and chains of one Service port. */
  private void collect(ServiceSets sets) {
    int protocol = sets.key().protocol();
    VirtualService external = null;
    VirtualService internal = null;
    List<ServicePort> clusterPorts = new ArrayList<>();
    for (ServicePort port : sets.ports()) {
      VirtualService service = port.service();
      if (service.frontend().isExternal()) {
        external = service;
      } else {
        internal = service;
        clusterPorts.add(port);
      }
      collect(port);
    }
    VirtualService any = internal == null ? external : internal;
    if (any == null || any.backends().isEmpty() && any.localBackends().isEmpty()) {
      return;
    }
    String base = NftNames.base(any, protocol);
    boolean innerLocal = internal != null && internal.localOnly();
    boolean outerLocal = external != null && external.localOnly();
    if (external != null || !innerLocal) {
      List<String> marks = innerLocal ? List.of() : marks(clusterPorts);
      balance("service-" + base, marks, any, any.backends(), protocol);
    }
    if (innerLocal || outerLocal) {
      List<String> marks = innerLocal ? marks(clusterPorts) : List.of();
      balance("local-" + base, marks, any, any.localBackends(), protocol);
    }
    if (external != null) {
      external(base, outerLocal, any);
      firewall(base, sets);
    }
    Set<Backend> backends = new LinkedHashSet<>(any.backends());
    backends.addAll(any.localBackends());
    backends.forEach(backend -> endpoint(any, protocol, backend));
  }

  private void collect(ServicePort port) {
    VirtualService service = port.service();
    String address = port.key().address().toString();
    String transport = RuleNames.protocol(port.key().protocol());
    String number = transport + " . " + port.key().port();
    boolean nodePort = service.frontend() == Frontend.NODE_PORT;
    String element = nodePort ? number : address + " . " + number;
    boolean none = service.backends().isEmpty() && service.localBackends().isEmpty();
    boolean refused =
        service.localOnly() ? service.localBackends().isEmpty() : service.backends().isEmpty();
    String base = NftNames.base(service, port.key().protocol());
    if (service.frontend() == Frontend.CLUSTER_IP) {
      clusterIps.add(address);
      if (!refused) {
        String chain = service.localOnly() ? "local-" : "service-";
        serviceIps.add(element + " : goto " + chain + base);
      }
    } else if (!none) {
      (nodePort ? nodePorts : serviceIps).add(element + " : goto external-" + base);
    }
    if (service.frontend() == Frontend.LOAD_BALANCER
        && !service.sourceRanges().isEmpty()
        && !none) {
      firewalls.add(element + " : goto firewall-" + base);
    }
    if (refused) {
      (nodePort ? refusedPorts : refusedIps)
          .add(
              element
                  + " comment \""
                  + service.name()
                  + "\" : "
                  + (none ? "goto reject-chain" : "drop"));
    }
  }

  /** Packets to a ClusterIP that do not come from a Pod. */
  private List<String> marks(List<ServicePort> ports) {
    List<String> rules = new ArrayList<>();
    List<String> pods = texts(node.podCidrs());
    for (ServicePort port : ports) {
      if (!pods.isEmpty()) {
        String from = pods.size() == 1 ? pods.get(0) : "{ " + String.join(", ", pods) + " }";
        rules.add(
            ip
                + " daddr "
                + port.key().address()
                + " "
                + ip
                + " saddr != "
                + from
                + " jump mark-for-masquerade");
      }
    }
    return rules;
  }

  private void balance(
      String name,
      List<String> marks,
      VirtualService service,
      List<Backend> backends,
      int protocol) {
    if (backends.isEmpty()) {
      return;
    }
    List<String> rules = new ArrayList<>(marks);
    List<String> ways = new ArrayList<>();
    for (Backend backend : backends) {
      String base = NftNames.base(service, protocol, backend);
      if (service.affinitySeconds() > 0) {
        rules.add(ip + " saddr @affinity-" + base + " goto endpoint-" + base);
      }
      ways.add(ways.size() + " : goto endpoint-" + base);
    }
    rules.add("numgen random mod " + backends.size() + " vmap { " + String.join(", ", ways) + " }");
    chain(chains, name, rules.toArray(String[]::new));
  }

  private void external(String base, boolean local, VirtualService service) {
    List<String> rules = new ArrayList<>();
    String all = " goto service-" + base;
    if (!local) {
      rules.add("jump mark-for-masquerade");
      if (!service.backends().isEmpty()) {
        rules.add("goto service-" + base);
      }
    } else {
      if (!service.backends().isEmpty()) {
        for (String pods : texts(node.podCidrs())) {
          rules.add(ip + " saddr " + pods + all + " comment \"short-circuit pod traffic\"");
        }
        String own = "fib saddr type local";
        rules.add(own + " jump mark-for-masquerade comment \"masquerade local traffic\"");
        rules.add(own + all + " comment \"short-circuit local traffic\"");
      }
      if (!service.localBackends().isEmpty()) {
        rules.add("goto local-" + base);
      }
    }
    chain(chains, "external-" + base, rules.toArray(String[]::new));
  }

  private void firewall(String base, ServiceSets sets) {
    Set<String> allowed = new LinkedHashSet<>();
    Set<String> balancers = new LinkedHashSet<>();
    boolean nodeAllowed = false;
    for (ServicePort port : sets.ports()) {
      if (port.service().frontend() == Frontend.LOAD_BALANCER) {
        allowed.addAll(texts(port.service().sourceRanges()));
        balancers.add(port.key().address().toString());
        for (IpAddress own : node.node()) {
          nodeAllowed |=
              port.service().sourceRanges().stream().anyMatch(range -> range.contains(own));
        }
      }
    }
    if (!allowed.isEmpty()) {
      if (nodeAllowed) {
        allowed.addAll(balancers);
      }
      chain(
          chains, "firewall-" + base, ip + " saddr != { " + String.join(", ", allowed) + " } drop");
    }
  }

  private void endpoint(VirtualService service, int protocol, Backend backend) {
    String base = NftNames.base(service, protocol, backend);
    List<String> rules = new ArrayList<>();
    rules.add(ip + " saddr " + backend.address() + " jump mark-for-masquerade");
    if (service.affinitySeconds() > 0) {
      sets.append("\tset affinity-").append(base).append(" {\n\t\ttype ");
      sets.append(ipv4 ? "ipv4_addr" : "ipv6_addr").append("\n\t\tflags dynamic,timeout\n");
      sets.append("\t\ttimeout ").append(service.affinitySeconds()).append("s\n\t}\n");
      rules.add("update @affinity-" + base + " { " + ip + " saddr }");
    }
    rules.add(
        "meta l4proto "
            + RuleNames.protocol(protocol)
            + " dnat to "
            + RuleNames.socket(backend.address(), backend.port()));
    chain(chains, "endpoint-" + base, rules.toArray(String[]::new));
  }
}
