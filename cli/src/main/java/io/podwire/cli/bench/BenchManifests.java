package io.podwire.cli.bench;

import io.podwire.client.manifest.ManifestFiles;
import io.podwire.client.manifest.ManifestStream;
import java.util.List;
import java.util.Locale;

/**
 * What the propagation benchmark fills a cluster with: two backends, a probe on each node, and
 * Services and Pods up to the numbers asked for.
 */
final class BenchManifests {
  static final String NAMESPACE = "bench";
  static final String BALANCED = "flip";
  static final String HEADLESS = "flip-name";
  static final int SERVICE_PORT = 80;

  private static final int GROUPS = 20;

  private final StringBuilder text = new StringBuilder();

  private BenchManifests() {}

  static ManifestStream of(List<String> nodes, int services, int pods) {
    BenchManifests manifests = new BenchManifests();
    manifests.add("apiVersion: v1%nkind: Namespace%nmetadata: {name: %s}%n", NAMESPACE);
    for (String backend : List.of("a", "b")) {
      manifests.pod(backend, "backend: " + backend, "podwire/agnhost", "args: [netexec]");
    }
    for (String node : nodes) {
      manifests.pod("probe-" + node, "probe: " + node, "podwire/pause", "", node);
    }
    for (int i = 2 + nodes.size(); i < pods; i++) {
      manifests.pod("filler-" + i, "group: g" + i % GROUPS, "podwire/pause", "");
    }
    manifests.service(BALANCED, "", "backend: a");
    manifests.service(HEADLESS, "clusterIP: None, ", "backend: a");
    for (int i = 2; i < services; i++) {
      manifests.service("filler-" + i, "", "group: g" + i % GROUPS);
    }
    return ManifestFiles.ofText("the benchmark's manifests", manifests.text.toString());
  }

  private void pod(String name, String label, String image, String arguments) {
    pod(name, label, image, arguments, "");
  }

  private void pod(String name, String label, String image, String arguments, String node) {
    add(
        "apiVersion: v1%nkind: Pod%nmetadata: {namespace: %s, name: %s, labels: {%s}}%n"
            + "spec: {%scontainers: [{name: main, image: %s%s}]}%n",
        NAMESPACE,
        name,
        label,
        node.isEmpty() ? "" : "nodeName: " + node + ", ",
        image,
        arguments.isEmpty() ? "" : ", " + arguments);
  }

  private void service(String name, String spec, String selector) {
    add(
        "apiVersion: v1%nkind: Service%nmetadata: {namespace: %s, name: %s}%n"
            + "spec: {%sselector: {%s}, ports: [{port: %d, targetPort: 8081, protocol: UDP}]}%n",
        NAMESPACE, name, spec, selector, SERVICE_PORT);
  }

  private void add(String format, Object... values) {
    text.append("---\n").append(String.format(Locale.ROOT, format, values));
  }
}
