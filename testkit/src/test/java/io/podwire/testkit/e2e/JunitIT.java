package io.podwire.testkit.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.podwire.testkit.cluster.Cluster;
import io.podwire.testkit.topology.PodSpec;
import io.podwire.testkit.topology.ServiceSpec;
import io.podwire.testkit.topology.Topology;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** Clusters of tests: beside each other, one after the other, and after the end of their JVM. */
class JunitIT {
  private static final Duration REAPED = Duration.ofSeconds(60);
  private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

  /** 50 by the property, fewer in every build. */
  private static final int CYCLES = Integer.getInteger("podwire.cycles", 3);

  @BeforeAll
  static void needRoot() throws IOException {
    Tools.assumeRoot();
  }

  /** Every path of a cluster has this in it. */
  private static Path home(String cluster) {
    return Path.of("podwire-" + cluster + "-");
  }

  private static List<String> files(String cluster) throws IOException {
    try (Stream<Path> files = Files.list(TEMPORARY)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.startsWith(home(cluster).toString()))
          .toList();
    }
  }

  @Test
  void shouldRunTwoClustersOfThreeNodesBesideEachOther(TestReporter report) throws IOException {
    Topology topology =
        Topology.nodes(3)
            .pods(PodSpec.server("web").on(3), PodSpec.idle("client").on(1))
            .services(ServiceSpec.of("web").port(80, PodSpec.HTTP_PORT));
    CompletableFuture<Cluster> starting =
        CompletableFuture.supplyAsync(() -> Cluster.start(topology));
    try (Cluster first = Cluster.start(topology);
        Cluster second = starting.join()) {
      report.publishEntry("start of two at once", first.startTook() + ", " + second.startTook());
      for (Cluster each : List.of(first, second)) {
        assertThat(each.pod("client").exec("agnhost", "get", "http://web/hostname").text())
            .isEqualTo("web");
      }
      first.pod("web").delete();
      assertThat(second.pod("web").isReady()).isTrue();
    }
    assertThat(files(starting.join().name())).isEmpty();
  }

  @Test
  void shouldLeaveNothingWhereTheJvmIsKilled() throws Exception {
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Dpodwire.launcher=" + System.getProperty("podwire.launcher"),
                "-Djava.io.tmpdir=" + TEMPORARY,
                HeldCluster.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out = jvm.inputReader()) {
      String cluster = out.readLine();
      assertThat(cluster).as("the cluster's name").isNotNull();
      Leftovers leftovers = new Leftovers(home(cluster));
      leftovers.observe();
      assertThat(leftovers.observedNamespaces()).isPositive();
      assertThat(files(cluster)).hasSize(1);

      jvm.destroyForcibly().waitFor();

      await()
          .atMost(REAPED)
          .untilAsserted(() -> {
            assertThat(leftovers.remaining()).isEmpty();
            assertThat(files(cluster)).isEmpty();
          });
    } finally {
      jvm.destroyForcibly();
    }
  }

  @Test
  void shouldLeaveNothingAfterManyStartsAndStops() throws IOException {
    for (int cycle = 0; cycle < CYCLES; cycle++) {
      Leftovers leftovers;
      String name;
      try (Cluster cluster = Cluster.start(Topology.nodes(1))) {
        name = cluster.name();
        leftovers = new Leftovers(home(name));
        leftovers.observe();
      }
      assertThat(leftovers.remaining()).isEmpty();
      assertThat(files(name)).isEmpty();
    }
  }
}
