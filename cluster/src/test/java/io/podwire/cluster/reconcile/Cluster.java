package io.podwire.cluster.reconcile;

import io.podwire.cluster.model.Container;
import io.podwire.cluster.model.Node;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Pod;
import io.podwire.cluster.model.PodPhase;
import io.podwire.cluster.model.PodSpec;
import io.podwire.cluster.model.PortRef;
import io.podwire.cluster.model.Protocol;
import io.podwire.cluster.model.Service;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Objects for tests: a plain one each, from which a test makes its own. */
final class Cluster {

  private Cluster() {}

  static Node node(String name) {
    return new Node(
        name, null, null, 4789, 0, List.of(Cidr.parse("10.244.0.0/24")), true, false, Map.of());
  }

  static Node withPodCidrs(Node node, String... cidrs) {
    return new Node(
        node.name(),
        node.address(),
        node.vtepMac(),
        node.vxlanPort(),
        node.agentPort(),
        List.of(cidrs).stream().map(Cidr::parse).toList(),
        node.ready(),
        node.unschedulable(),
        node.labels());
  }

  static Node ready(Node node, boolean ready) {
    return new Node(
        node.name(),
        node.address(),
        node.vtepMac(),
        node.vxlanPort(),
        node.agentPort(),
        node.podCidrs(),
        ready,
        node.unschedulable(),
        node.labels());
  }

  static Node labelled(Node node, Map<String, String> labels) {
    return new Node(
        node.name(),
        node.address(),
        node.vtepMac(),
        node.vxlanPort(),
        node.agentPort(),
        node.podCidrs(),
        node.ready(),
        node.unschedulable(),
        labels);
  }

  static PodBuilder pod(String name) {
    return new PodBuilder(name);
  }

  static Service service(String name, Service.Port... ports) {
    return new Service(
        new ObjectName("default", name),
        Service.Type.CLUSTER_IP,
        false,
        List.of(IpAddress.parse("10.96.0.20")),
        List.of(ports),
        Map.of("app", "web"),
        "",
        false);
  }

  static Service.Port port(String name, int port, PortRef target) {
    return new Service.Port(name, Protocol.TCP, port, target, 0);
  }

  /** A running, ready Pod on node n1 with label app=web, unless told otherwise. */
  static final class PodBuilder {
    private final String name;
    private Map<String, String> labels = Map.of("app", "web");
    private @Nullable String nodeName = "n1";
    private PodPhase phase = PodPhase.RUNNING;
    private List<IpAddress> podIps = List.of();
    private boolean ready = true;
    private boolean terminating;
    private @Nullable String hostname;
    private @Nullable String subdomain;
    private Map<String, String> nodeSelector = Map.of();
    private List<Container.ContainerPort> ports = List.of();

    PodBuilder(String name) {
      this.name = name;
    }

    PodBuilder labels(Map<String, String> value) {
      labels = value;
      return this;
    }

    PodBuilder on(@Nullable String node) {
      nodeName = node;
      return this;
    }

    PodBuilder phase(PodPhase value) {
      phase = value;
      return this;
    }

    PodBuilder ips(String... addresses) {
      podIps = List.of(addresses).stream().map(IpAddress::parse).toList();
      return this;
    }

    PodBuilder ready(boolean value) {
      ready = value;
      return this;
    }

    PodBuilder terminating() {
      terminating = true;
      return this;
    }

    PodBuilder hostname(String value, String domain) {
      hostname = value;
      subdomain = domain;
      return this;
    }

    PodBuilder nodeSelector(Map<String, String> value) {
      nodeSelector = value;
      return this;
    }

    PodBuilder port(String portName, int port) {
      ports = List.of(new Container.ContainerPort(portName, port, Protocol.TCP));
      return this;
    }

    Pod build() {
      Container container =
          new Container("c", "image", List.of(), List.of(), Map.of(), "", ports, null);
      PodSpec spec =
          new PodSpec(
              List.of(container),
              PodSpec.RestartPolicy.ALWAYS,
              nodeSelector,
              hostname,
              subdomain,
              false);
      return new Pod(
          new ObjectName("default", name),
          "uid-" + name,
          labels,
          nodeName,
          spec,
          phase,
          podIps,
          ready,
          terminating,
          30);
    }
  }
}
