package io.podwire.cli.local;

import io.podwire.agent.pod.JavaRuntime;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The command lines of a local cluster's programs. */
final class DaemonPlan {
  // Sized for the largest cluster of the acceptance lists: 200 Services, 100 Pods, 100 nodes. No
  // path of the control plane is hot enough for the second compiler.
  private static final List<String> CONTROL_PLANE_JVM =
      List.of(JavaRuntime.FIRST_COMPILER, "-Xms32m", "-Xmx512m");
  private static final List<String> AGENT_JVM =
      DaemonLauncher.resource("agent.options")
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .toList();
  private static final List<String> DNS_JVM = List.of("-Xms12m", "-Xmn6m", "-Xmx128m");

  private static final int DNS_PORT = 53;

  private final ClusterHome home;
  private final ClusterPlan plan;
  private final JavaRuntime runtime;

  DaemonPlan(ClusterHome home, ClusterPlan plan, JavaRuntime runtime) {
    this.home = home;
    this.plan = plan;
    this.runtime = runtime;
  }

  Daemon controlPlane() {
    List<String> arguments = new ArrayList<>();
    arguments.add("--id=" + Daemon.CONTROL_PLANE);
    arguments.add("--data=" + home.data());
    arguments.add("--grpc=" + plan.controlPlaneEndpoint());
    arguments.add("--api-socket=" + home.socket());
    for (Cidr range : plan.podCidrs()) {
      arguments.add("--pod-cidr=" + range);
    }
    for (Cidr range : plan.serviceCidrs()) {
      arguments.add("--service-cidr=" + range);
    }
    arguments.add("--node-cidr=" + plan.nodeCidrs().getFirst());
    for (Cidr range : plan.loadBalancerCidrs()) {
      arguments.add("--load-balancer-cidr=" + range);
    }
    if (plan.loadBalancerCidrs().isEmpty()) {
      arguments.add("--load-balancer-cidr=none");
    }
    arguments.add("--proxy-mode=" + plan.proxy());
    for (String upstream : plan.allUpstreams()) {
      arguments.add("--upstream=" + upstream);
    }
    arguments.add("--ready-file=" + home.readyFile(Daemon.CONTROL_PLANE));
    return new Daemon(
        Daemon.CONTROL_PLANE,
        "control-plane",
        CONTROL_PLANE_JVM,
        "io.podwire.controlplane.boot.ControlPlane",
        arguments);
  }

  /** A node's agent; numbers begin at 1. */
  Daemon agent(int number) {
    String name = plan.nodeNames().get(number - 1);
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--name=" + name,
                "--address=" + joined(plan.nodeAddresses(number)),
                "--control-plane=" + plan.controlPlaneEndpoint(),
                "--state=" + home.node(name),
                "--preset=" + plan.preset(),
                "--ready-file=" + home.readyFile(name)));
    if (!plan.nodesResolvConf().isEmpty()) {
      arguments.add("--resolv-conf=" + home.resolvConf());
    }
    if (runtime.caches() != null) {
      arguments.add("--start-caches=" + runtime.caches());
    }
    if (runtime.recording()) {
      arguments.add("--record-start-caches");
    }
    return new Daemon(name, "agent", AGENT_JVM, "io.podwire.agent.boot.NodeAgent", arguments);
  }

  private static String joined(List<IpAddress> addresses) {
    return String.join(",", addresses.stream().map(IpAddress::toString).toList());
  }

  /** The resolver for the world outside, which knows nothing of the cluster. */
  Daemon outsideDns() {
    List<String> arguments =
        List.of(
            "--listen=" + ClusterPlan.endpoint(plan.outsideAddress(), DNS_PORT),
            "--hosts=" + Objects.requireNonNull(plan.hosts()),
            "--ready-file=" + home.readyFile(Daemon.OUTSIDE_DNS));
    return new Daemon(
        Daemon.OUTSIDE_DNS, "dns-server", DNS_JVM, "io.podwire.dns.boot.DnsServer", arguments);
  }
}
