package io.podwire.testkit.testcontainers;

import com.github.dockerjava.api.exception.DockerException;
import io.podwire.packet.addr.Cidr;
import io.podwire.testkit.topology.IpFamily;
import io.podwire.testkit.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.ResourceReaper;

/**
 * Which containers a cluster has, with which arguments and addresses. Immutable.
 *
 * @param name the cluster's, by which its network and volumes are named
 * @param network with the addresses
 * @param topology whose options go to the control plane
 * @param images what they are made from
 */
record ClusterPlan(String name, ClusterNetwork network, Topology topology, PodwireImages images) {
  static final String CONTROL_PLANE = "control-plane";
  static final String DNS = "dns";
  static final int HTTP_PORT = 8080;

  /** Where a node's agent and the sandboxes beside it find each other. */
  static final String ATTACH_FOLDER = "/run/podwire-attach";

  private static final String IP_FAMILY = "--ip-family";
  private static final String NODE_CIDR = "--node-cidr";
  private static final int CONTROL_PLANE_ADDRESS = 2;
  private static final int DNS_ADDRESS = 3;
  private static final int BEFORE_NODES = 10;
  private static final int GRPC_PORT = 6500;
  private static final String DNS_MANIFEST = "/etc/podwire/kube-dns.yaml";

  /** The DNS server is no Pod, so its Service has no selector. */
  private static final String KUBE_DNS =
      """
      apiVersion: v1
      kind: Namespace
      metadata: {name: kube-system}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: kube-dns, namespace: kube-system, labels: {k8s-app: kube-dns}}
      spec:
        clusterIP: %s
        ports:
        - {name: dns, port: 53, protocol: UDP}
        - {name: dns-tcp, port: 53, protocol: TCP}
      ---
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata:
        name: kube-dns-container
        namespace: kube-system
        labels:
          kubernetes.io/service-name: kube-dns
          endpointslice.kubernetes.io/managed-by: podwire-testkit
      addressType: IPv4
      endpoints:
      - {addresses: [%s], conditions: {ready: true}}
      ports:
      - {name: dns, port: 53, protocol: UDP}
      - {name: dns-tcp, port: 53, protocol: TCP}
      """;

  /** Makes the network and the volumes. */
  static ClusterPlan make(String name, Topology topology, PodwireImages images) {
    String family = topology.options().get(IP_FAMILY);
    if (family != null && !family.equals(IpFamily.IPV4.toString())) {
      throw new IllegalArgumentException(
          "ipFamily "
              + family
              + ": clusters of containers are of IPv4; leave it out, or start the cluster without"
              + " containers");
    }
    String wanted = topology.options().get(NODE_CIDR);
    ClusterNetwork network =
        ClusterNetwork.create("podwire-" + name, wanted == null ? List.of() : List.of(wanted));
    ClusterPlan plan = new ClusterPlan(name, network, topology, images);
    for (String node : plan.nodes()) {
      PodwireImages.docker()
          .createVolumeCmd()
          .withName(plan.volume(node))
          .withLabels(ResourceReaper.instance().getLabels())
          .exec();
    }
    return plan;
  }

  List<String> nodes() {
    return IntStream.rangeClosed(1, topology.nodes()).mapToObj(each -> "node-" + each).toList();
  }

  /** The volume by which sandboxes reach a node's agent. */
  String volume(String node) {
    return "podwire-" + name + "-" + node;
  }

  List<ProgramContainer> containers() {
    List<ProgramContainer> containers = new ArrayList<>(List.of(controlPlane(), dns()));
    List<String> nodes = nodes();
    for (int number = 1; number <= nodes.size(); number++) {
      containers.add(node(nodes.get(number - 1), BEFORE_NODES + number));
    }
    return containers;
  }

  /** How many containers there are before there are sandboxes. */
  int containersBefore() {
    return topology.nodes() + 2;
  }

  private String grpc() {
    return network.address(CONTROL_PLANE_ADDRESS) + ":" + GRPC_PORT;
  }

  private ProgramContainer controlPlane() {
    Map<String, String> options = new TreeMap<>(topology.options());
    options.remove(IP_FAMILY);
    options.put(NODE_CIDR, network.cidr().toString());
    options.put("--data", "/run/podwire/zookeeper");
    options.put("--grpc", grpc());
    options.put("--http", "0.0.0.0:" + HTTP_PORT);
    options.put("--manifest", DNS_MANIFEST);
    String manifest = KUBE_DNS.formatted(dnsClusterIp(), network.address(DNS_ADDRESS));
    return new ProgramContainer(CONTROL_PLANE, images.controlPlane(), arguments(options))
        .at(network, CONTROL_PLANE_ADDRESS)
        .published(HTTP_PORT)
        .withCopyToContainer(Transferable.of(manifest), DNS_MANIFEST);
  }

  /** As everywhere in Podwire, the tenth address of the Services' network. */
  private String dnsClusterIp() {
    String services = topology.options().getOrDefault("--service-cidr", "10.96.0.0/16");
    return Cidr.parse(services).address(10).toString();
  }

  private ProgramContainer dns() {
    Map<String, String> options = new TreeMap<>();
    options.put("--listen", "0.0.0.0:53");
    options.put("--control-plane", grpc());
    // Docker's own: other containers' names, and what the machine resolves.
    options.put("--upstream", "127.0.0.11");
    return new ProgramContainer(DNS, images.dnsServer(), arguments(options))
        .at(network, DNS_ADDRESS)
        .withLowPorts();
  }

  private ProgramContainer node(String node, int number) {
    Map<String, String> options = new TreeMap<>();
    options.put("--name", node);
    options.put("--address", network.address(number));
    options.put("--control-plane", grpc());
    options.put("--attach-socket", ATTACH_FOLDER + "/attach.sock");
    return new ProgramContainer(node, images.nodeAgent(), arguments(options))
        .at(network, number)
        .asNode()
        .sharing(volume(node), ATTACH_FOLDER);
  }

  /** Its arguments come later. */
  ProgramContainer sandbox(ContainerPod pod, String node) {
    return new ProgramContainer("sandbox of " + pod.text(), images.sandbox(), List.of())
        .asSandbox(pod.name())
        .sharing(volume(node), ATTACH_FOLDER);
  }

  private static List<String> arguments(Map<String, String> options) {
    return options.entrySet().stream().map(each -> each.getKey() + "=" + each.getValue()).toList();
  }

  void removeVolumes() {
    for (String node : nodes()) {
      try {
        PodwireImages.docker().removeVolumeCmd(volume(node)).exec();
      } catch (DockerException used) {
        // A container that the cluster did not start still has it; it goes with that one's label.
      }
    }
  }
}
