package io.podwire.testkit.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.podwire.packet.addr.IpAddress;
import io.podwire.testkit.cluster.Cluster;
import io.podwire.testkit.cluster.ClusterFailure;
import io.podwire.testkit.cluster.Service;
import io.podwire.testkit.topology.IpFamily;
import io.podwire.testkit.topology.PodSpec;
import io.podwire.testkit.topology.Topology;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

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

  /** Event loops of a closed cluster end within a second. */
  private static final int SLACK = 12;

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

  /** One of IPv4 and one of IPv6 alone. */
  @Test
  void shouldRunTwoClustersOfThreeNodesBesideEachOther(TestReporter report, @TempDir Path scratch)
      throws Exception {
    Topology topology = HeldCluster.topology(3);
    CompletableFuture<Cluster> starting =
        CompletableFuture.supplyAsync(() -> Cluster.start(topology.ipFamily(IpFamily.IPV6)));
    try (Cluster first = Cluster.start(topology);
        Cluster second = starting.join()) {
      report.publishEntry("start of two at once", first.startTook() + ", " + second.startTook());
      for (Cluster each : List.of(first, second)) {
        assertThat(HeldCluster.ask(each)).isEqualTo("web");
      }
      assertThat(first.pod("web").addresses()).singleElement().matches(IpAddress::isIpv4);
      assertThat(second.pod("web").addresses()).singleElement().matches(it -> !it.isIpv4());
      askFromOutside(second, scratch);
      first.pod("web").delete();
      assertThat(second.pod("web").isReady()).isTrue();
    }
    assertThat(files(starting.join().name())).isEmpty();
  }

  /** Node ports and load balancers where there is no IPv4. */
  private static void askFromOutside(Cluster cluster, Path scratch) throws Exception {
    cluster.apply(
        """
        apiVersion: v1
        kind: Service
        metadata: {name: open}
        spec:
          type: LoadBalancer
          selector: {app: web}
          ports: [{port: 80, targetPort: 8080, nodePort: 30080}]
        """);
    Service open = cluster.service("open").awaitReady();
    await().until(() -> open.object().at("/status/loadBalancer/ingress/0/ip").isTextual());
    String balancer = open.object().at("/status/loadBalancer/ingress/0/ip").asText();
    try (Machine outside =
        Machine.outside(cluster, scratch, "fd00:172:30::c8/64").reaching("fd00:100:64::/112")) {
      for (String at : List.of("[fd00:172:30::b]:30080", "[" + balancer + "]")) {
        await()
            .atMost(REAPED)
            .until(() -> outside.ask(1, "http://" + at + "/hostname").equals(Set.of("web")));
      }
    }
  }

  @Test
  void shouldRunBesideTheClusterOfAnotherJvm(TestReporter report) throws Exception {
    Process jvm = HeldCluster.start(3, TEMPORARY);
    try (Cluster mine = Cluster.start(HeldCluster.topology(3));
        BufferedReader out = jvm.inputReader()) {
      String other = out.readLine();
      assertThat(other).as("the other cluster's name").isNotNull().isNotEqualTo(mine.name());
      report.publishEntry("start beside another", mine.startTook().toString());
      Leftovers leftovers = new Leftovers(home(other));
      leftovers.observe();
      assertThat(leftovers.observedNamespaces()).isPositive();

      mine.pod("web").delete();
      jvm.outputWriter().append("ask\n").flush();
      assertThat(out.readLine()).isEqualTo("web");
      jvm.outputWriter().close();

      assertThat(jvm.waitFor(REAPED.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(leftovers.remaining()).isEmpty();
      assertThat(files(other)).isEmpty();
      assertThat(mine.pod("client").isReady()).isTrue();
    } finally {
      jvm.destroyForcibly();
    }
  }

  @Test
  void shouldTellWhyAClusterDoesNotStartAndLeaveNothing() throws IOException {
    Topology broken = Topology.nodes(1).pods(PodSpec.running("broken", "/no/such/program"));
    String mine = "t" + ProcessHandle.current().pid();
    List<String> before = files(mine);

    assertThatThrownBy(() -> Cluster.start(broken))
        .isInstanceOf(ClusterFailure.class)
        .hasMessage(
            "the cluster did not start: Pod default/broken does not start: StartError: start"
                + " program /no/such/program: no such file or directory");
    assertThat(files(mine)).isEqualTo(before);
  }

  @Test
  void shouldLeaveNothingWhereTheJvmIsKilled() throws Exception {
    Process jvm = HeldCluster.start(1, TEMPORARY);
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
  void shouldLeaveNothingAfterManyStartsAndStops(TestReporter report) throws IOException {
    long began = System.nanoTime();
    List<Integer> files = new ArrayList<>();
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
      files.add(openFiles());
    }
    // This JVM's own; the first cycle may have opened jars.
    assertThat(files.get(CYCLES - 1)).as("open files %s", files).isLessThan(files.get(0) + SLACK);
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
    report.publishEntry("cycles", CYCLES + " in " + seconds + " s, open files " + files);
  }

  private static int openFiles() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      return (int) files.count();
    }
  }
}
