package io.podwire.testkit.e2e.services;

/** Manifests of the Pods and nodes that take part in the flows. */
final class FlowPods {

  /** What every Pod serves at, TCP and UDP; the Pods' names for these ports differ. */
  static final int PORT = 8080;

  static final int OTHER_PORT = 8081;

  private FlowPods() {}

  /**
   * A Pod that serves; it is never ready if it is the one that waits for that.
   *
   * @param command as a YAML list
   */
  static String manifest(FlowHost pod, ServiceFlows table, String command) {
    int named = pod.node().equals(FlowHost.NODE_1) ? PORT : OTHER_PORT;
    int probed = pod.name().equals("waiting") ? 1 : PORT;
    return """
    apiVersion: v1
    kind: Pod
    metadata:
      name: %s
      namespace: default
      labels: %s
    spec:
      nodeName: %s
      terminationGracePeriodSeconds: 300
      containers:
      - name: main
        image: any
        command: %s
        ports: [%s]
        readinessProbe: {tcpSocket: {port: %d}, periodSeconds: 1}
    """
        .formatted(
            pod.name(),
            table.labels(pod.name()),
            pod.node(),
            command,
            pod.name().equals("local-b")
                ? ""
                : "{name: web, containerPort: %d}, {name: webu, containerPort: %d, protocol: UDP}"
                    .formatted(named, named),
            probed);
  }

  /** What a cluster adds to a Pod's manifest. */
  static String status(FlowHost pod) {
    return """
    status:
      phase: Running
      podIPs: [{ip: "%s"}, {ip: "%s"}]
      conditions: [{type: Ready, status: "%s"}]
    """
        .formatted(pod.ipv4(), pod.ipv6(), pod.name().equals("waiting") ? "False" : "True");
  }

  /** A node in a zone of its own: a, b. */
  static String node(FlowHost node) {
    String name = node.name().equals("node") ? FlowHost.NODE_1 : node.name();
    return """
    apiVersion: v1
    kind: Node
    metadata:
      name: %s
      labels: {topology.kubernetes.io/zone: %s}
    """
        .formatted(name, name.equals(FlowHost.NODE_1) ? "a" : "b");
  }

  /** What a cluster adds to a Node's manifest. */
  static String status(FlowHost node, boolean ready) {
    return """
    status:
      addresses: [{type: InternalIP, address: "%s"}, {type: InternalIP, address: "%s"}]
      conditions: [{type: Ready, status: "%s"}]
    """
        .formatted(node.ipv4(), node.ipv6(), ready ? "True" : "False");
  }
}
