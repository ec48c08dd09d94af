package io.podwire.cli.local;

import com.fasterxml.jackson.databind.JsonNode;
import io.podwire.cli.outcome.CommandFailure;
import io.podwire.client.api.ApiClient;
import io.podwire.client.api.Resource;
import io.podwire.linux.Netlink;
import io.podwire.linux.NetworkNamespace;
import io.podwire.linux.Route;
import io.podwire.linux.Sysctl;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * The way from this machine's own network into a cluster: a veth pair to the node network, and
 * routes to Pods, Services and load balancers; and the nodes' way out to this machine. It goes with
 * the cluster, whose end of the pair it needs.
 *
 * <p>Not thread-safe.
 */
final class HostAccess {
  private static final long OFFSET = 3;
  private static final String PEER = "host";

  private final ClusterHome home;
  private final ClusterPlan plan;
  private final String link;

  HostAccess(ClusterHome home, ClusterPlan plan) {
    this.home = home;
    this.plan = plan;
    CRC32 hash = new CRC32();
    hash.update(home.folder().toString().getBytes(StandardCharsets.UTF_8));
    this.link = String.format(Locale.ROOT, "pw%08x", hash.getValue());
  }

  /** This machine's addresses on the node network, one of each family that it has. */
  List<IpAddress> addresses() {
    return plan.nodeCidrs().stream().map(range -> range.address(OFFSET)).toList();
  }

  private static Optional<IpAddress> like(Cidr range, List<IpAddress> addresses) {
    return addresses.stream().filter(each -> each.isIpv4() == range.isIpv4()).findFirst();
  }

  /** Fails where this machine has routes of its own to the cluster's addresses. */
  void check() {
    List<String> problems = new ArrayList<>();
    try (Netlink netlink = Netlink.open()) {
      for (Route present : netlink.routes().list()) {
        for (Cidr range : ranges()) {
          if (present.table() == Route.MAIN
              && present.destination().prefixLength() > 0
              && present.destination().overlaps(range)) {
            problems.add(
                "--host-route: this machine's route to %s (%s) overlaps the cluster's %s; choose other ranges, or leave the option out"
                    .formatted(present.destination(), present.link(), range));
          }
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new CommandFailure(String.join("\n", problems));
    }
  }

  private List<Cidr> ranges() {
    List<Cidr> ranges = new ArrayList<>(plan.podCidrs());
    ranges.addAll(plan.serviceCidrs());
    ranges.addAll(plan.loadBalancerCidrs());
    ranges.addAll(plan.nodeCidrs());
    return ranges;
  }

  /** Where each range is: a node's address, or this machine's own for what is on the link. */
  private Map<Cidr, IpAddress> ways(ApiClient api) {
    Map<Cidr, IpAddress> ways = new LinkedHashMap<>();
    for (JsonNode node : api.get(Resource.NODE.listPath("")).path("items")) {
      int number = plan.nodeNames().indexOf(node.at("/metadata/name").asText()) + 1;
      for (JsonNode cidr : node.at("/spec/podCIDRs")) {
        if (number > 0) {
          lead(ways, Cidr.parse(cidr.asText()), plan.nodeAddresses(number));
        }
      }
    }
    plan.serviceCidrs().forEach(range -> lead(ways, range, plan.nodeAddresses(1)));
    plan.loadBalancerCidrs().forEach(range -> lead(ways, range, addresses()));
    return ways;
  }

  /** A family that the node network does not have leads nowhere. */
  private static void lead(Map<Cidr, IpAddress> ways, Cidr range, List<IpAddress> via) {
    like(range, via).ifPresent(address -> ways.put(range, address));
  }

  /** Makes it, in this process's network namespace. */
  void make(ApiClient api) {
    try (NetworkNamespace fabric = NetworkNamespace.ofProcess(holder());
        Netlink there = Netlink.open(fabric);
        Netlink here = Netlink.open()) {
      there.links().createVeth(PEER, PEER + "-end");
      try (NetworkNamespace own = NetworkNamespace.current()) {
        there.links().moveTo(PEER + "-end", own);
      }
      here.links().rename(PEER + "-end", link);
      there.links().setMaster(PEER, NodeNetwork.BRIDGE);
      there.links().setUp(PEER);
      for (int i = 0; i < addresses().size(); i++) {
        int prefixLength = plan.nodeCidrs().get(i).prefixLength();
        here.addresses().add(link, addresses().get(i), prefixLength);
      }
      here.links().setUp(link);
      for (IpAddress machine : addresses()) {
        there.routes().add(Route.defaultVia(machine));
        fabric.run(() -> Sysctl.write(forwarding(machine), "1"));
      }
      ways(api)
          .forEach((range, via) ->
              here.routes()
                  .add(
                      addresses().contains(via)
                          ? Route.direct(range, link)
                          : Route.via(range, via)));
    }
  }

  /** What the node network's gateway has to do for the nodes: their default routes lead to it. */
  private static String forwarding(IpAddress address) {
    return address.isIpv4() ? "net.ipv4.ip_forward" : "net.ipv6.conf.all.forwarding";
  }

  /** The same as commands, in a file that can be run as root. */
  void write(ApiClient api) {
    List<String> lines = new ArrayList<>();
    lines.add("#!/bin/sh");
    lines.add("# The way from this machine into cluster " + home.name() + "; it goes with it.");
    lines.add("set -e");
    lines.add("ip link add " + link + " type veth peer name " + PEER + " netns " + holder());
    lines.add(
        "nsenter -t %d -n ip link set %s master %s up"
            .formatted(holder(), PEER, NodeNetwork.BRIDGE));
    for (int i = 0; i < addresses().size(); i++) {
      lines.add(
          "ip address add %s/%d dev %s%s"
              .formatted(
                  addresses().get(i),
                  plan.nodeCidrs().get(i).prefixLength(),
                  link,
                  // Nobody else can have it, so nobody is asked.
                  addresses().get(i).isIpv4() ? "" : " nodad"));
    }
    lines.add("ip link set " + link + " up");
    for (IpAddress machine : addresses()) {
      lines.add(
          "nsenter -t %d -n ip %s route add default via %s"
              .formatted(holder(), machine.isIpv4() ? "-4" : "-6", machine));
      lines.add(
          "nsenter -t %d -n sh -c 'echo 1 >/proc/sys/%s'"
              .formatted(holder(), forwarding(machine).replace('.', '/')));
    }
    ways(api)
        .forEach((range, via) ->
            lines.add(
                "ip route add "
                    + range
                    + (addresses().contains(via) ? " dev " + link : " via " + via)));
    lines.add("");
    lines.add(
        "# Pods reach this machine as their nodes. For the world beyond let it forward, too:");
    for (Cidr range : plan.nodeCidrs()) {
      boolean ipv4 = range.isIpv4();
      lines.add("#   sysctl -w " + forwarding(range.base()) + "=1");
      lines.add(
          "#   %s -t nat -A POSTROUTING -s %s ! -o %s -j MASQUERADE"
              .formatted(ipv4 ? "iptables" : "ip6tables", range, link));
    }
    Path file = home.hostRoute();
    try {
      Files.write(file, lines);
    } catch (IOException failure) {
      throw new UncheckedIOException("writing " + file, failure);
    }
  }

  private long holder() {
    return RunFiles.pid(home.run().resolve("fabric.holder"))
        .orElseThrow(() -> new CommandFailure("the node network of " + home.name() + " is gone"));
  }
}
