package io.podwire.testkit.e2e;

import io.podwire.testkit.cluster.Cluster;
import io.podwire.testkit.topology.PodSpec;
import io.podwire.testkit.topology.ServiceSpec;
import io.podwire.testkit.topology.Topology;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A JVM with a cluster of so many nodes: prints its name, answers every line with what the Service
 * {@code web} says, and removes the cluster at the end of the input, unless it is killed before.
 */
final class HeldCluster {

  private HeldCluster() {}

  public static void main(String... arguments) throws IOException {
    try (Cluster cluster = Cluster.start(topology(Integer.parseInt(arguments[0])));
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      System.out.println(cluster.name());
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        System.out.println(ask(cluster));
      }
    }
  }

  /** A server on the last node, a client on the first. */
  static Topology topology(int nodes) {
    return Topology.nodes(nodes)
        .pods(PodSpec.server("web").on(nodes), PodSpec.idle("client").on(1))
        .services(ServiceSpec.of("web").port(80, PodSpec.HTTP_PORT));
  }

  /** What the client is answered. */
  static String ask(Cluster cluster) {
    return cluster.pod("client").exec("agnhost", "get", "http://web/hostname").text();
  }

  /** Starts it in another JVM. */
  static Process start(int nodes, Path temporary) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            "-Dpodwire.launcher=" + System.getProperty("podwire.launcher"),
            "-Djava.io.tmpdir=" + temporary,
            HeldCluster.class.getName(),
            Integer.toString(nodes))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
