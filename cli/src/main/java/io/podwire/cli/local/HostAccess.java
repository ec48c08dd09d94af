package io.podwire.cli.local;

import com.fasterxml.jackson.databind.JsonNode;
import io.podwire.cli.outcome.CommandFailure;
import io.podwire.client.api.ApiClient;
import io.podwire.client.api.Resource;
import io.podwire.linux.Netlink;
import io.podwire.linux.NetworkNamespace;
import io.podwire.linux.Route;
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
import java.util.zip.CRC32;

/**
 * The way from this machine's own network into a cluster: a veth pair to the node network, and
 * routes to Pods, Services and load balancers. It goes with the cluster, whose end of the pair it
 * needs.
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

  /** This machine's address on the node network. */
  IpAddress address() {
    return plan.nodeCidr().address(OFFSET);
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
    ranges.add(plan.nodeCidr());
    return ranges.stream().filter(Cidr::isIpv4).toList();
  }

  /** Where each range is: a node's address, or this machine's own for what is on the link. */
  private Map<Cidr, IpAddress> ways(ApiClient api) {
    Map<Cidr, IpAddress> ways = new LinkedHashMap<>();
    for (JsonNode node : api.get(Resource.NODE.listPath("")).path("items")) {
      int number = plan.nodeNames().indexOf(node.at("/metadata/name").asText()) + 1;
      String cidr = node.at("/spec/podCIDR").asText();
      if (number > 0 && !cidr.isEmpty()) {
        ways.put(Cidr.parse(cidr), plan.nodeAddress(number));
      }
    }
    plan.serviceCidrs().forEach(range -> ways.put(range, plan.nodeAddress(1)));
    plan.loadBalancerCidrs().forEach(range -> ways.put(range, address()));
    ways.keySet().removeIf(range -> !range.isIpv4());
    return ways;
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
      here.addresses().add(link, address(), plan.nodeCidr().prefixLength());
      here.links().setUp(link);
      ways(api)
          .forEach((range, via) ->
              here.routes()
                  .add(via.equals(address()) ? Route.direct(range, link) : Route.via(range, via)));
    }
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
    lines.add(
        "ip address add %s/%d dev %s".formatted(address(), plan.nodeCidr().prefixLength(), link));
    lines.add("ip link set " + link + " up");
    ways(api)
        .forEach((range, via) ->
            lines.add(
                "ip route add "
                    + range
                    + (via.equals(address()) ? " dev " + link : " via " + via)));
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
