package io.podwire.cli.bench;

import io.podwire.client.manifest.ManifestFiles;
import io.podwire.client.manifest.ManifestStream;

/** The Pods {@code client} on node-1 and {@code server} on node-2, between which loads run. */
final class TwoNodePods {
  static final String NAMESPACE = "bench";

  private static final String PODS =
      """
      apiVersion: v1
      kind: Namespace
      metadata: {name: bench}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {namespace: bench, name: client}
      spec: {nodeName: node-1, containers: [{name: main, image: podwire/pause}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {namespace: bench, name: server, labels: {app: server}}
      spec: {nodeName: node-2, containers: [{name: main, image: podwire/pause}]}
      """;

  private TwoNodePods() {}

  /** With more YAML documents, each of which begins with {@code ---}. */
  static ManifestStream and(String... more) {
    return ManifestFiles.ofText("the benchmark's manifests", PODS + String.join("", more));
  }

  /** A Pod that rests beside the client. */
  static String neighbor(String name) {
    return """
    ---
    apiVersion: v1
    kind: Pod
    metadata: {namespace: bench, name: %s}
    spec: {nodeName: node-1, containers: [{name: main, image: podwire/pause}]}
    """
        .formatted(name);
  }

  /** The Service {@code server}, for iperf3 at this port. */
  static String service(int port) {
    return """
    ---
    apiVersion: v1
    kind: Service
    metadata: {namespace: bench, name: server}
    spec:
      selector: {app: server}
      ports:
      - {name: iperf, protocol: TCP, port: %d, targetPort: %d}
    """
        .formatted(port, port);
  }
}
