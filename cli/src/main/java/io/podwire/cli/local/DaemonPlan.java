package io.podwire.cli.local;

import io.podwire.packet.addr.Cidr;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The command lines of a local cluster's programs. */
final class DaemonPlan {
  // Sized for the largest cluster of the acceptance list: 200 Services, 100 Pods.
  private static final List<String> CONTROL_PLANE_MEMORY = List.of("-Xms32m", "-Xmx512m");
  private static final List<String> AGENT_MEMORY = List.of("-Xms16m", "-Xmx256m");
  private static final List<String> DNS_MEMORY = List.of("-Xms16m", "-Xmx128m");

  private final ClusterHome home;
  private final ClusterPlan plan;

  DaemonPlan(ClusterHome home, ClusterPlan plan) {
    this.home = home;
    this.plan = plan;
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
    arguments.add("--node-cidr=" + plan.nodeCidr());
    for (String upstream : plan.allUpstreams()) {
      arguments.add("--upstream=" + upstream);
    }
    arguments.add("--ready-file=" + home.readyFile(Daemon.CONTROL_PLANE));
    return new Daemon(
        Daemon.CONTROL_PLANE,
        CONTROL_PLANE_MEMORY,
        "io.podwire.controlplane.boot.ControlPlane",
        arguments);
  }

  /** A node's agent; numbers begin at 1. */
  Daemon agent(int number) {
    String name = plan.nodeNames().get(number - 1);
    List<String> arguments =
        List.of(
            "--name=" + name,
            "--address=" + plan.nodeAddress(number),
            "--control-plane=" + plan.controlPlaneEndpoint(),
            "--state=" + home.node(name),
            "--preset=" + plan.preset(),
            "--ready-file=" + home.readyFile(name));
    return new Daemon(name, AGENT_MEMORY, "io.podwire.agent.boot.NodeAgent", arguments);
  }

  /** The resolver for the world outside, which knows nothing of the cluster. */
  Daemon outsideDns() {
    List<String> arguments =
        List.of(
            "--listen=" + plan.outsideAddress() + ":53",
            "--hosts=" + Objects.requireNonNull(plan.hosts()),
            "--ready-file=" + home.readyFile(Daemon.OUTSIDE_DNS));
    return new Daemon(Daemon.OUTSIDE_DNS, DNS_MEMORY, "io.podwire.dns.boot.DnsServer", arguments);
  }
}
