package io.podwire.testkit.testcontainers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.DockerClient;
import io.podwire.testkit.cluster.ClusterFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.lifecycle.Startables;

/** Clusters of containers come and go, several at a time, and say why where they do not come. */
@EnabledIf(
    value = "io.podwire.testkit.testcontainers.Engine#isThere",
    disabledReason = "Docker does not answer; start it to run clusters of containers")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class PodwireClusterIT {

  @BeforeAll
  static void buildImages() throws IOException, InterruptedException {
    Engine.buildImages();
  }

  @Test
  void shouldRunBesideAnother(TestReporter reporter) {
    try (PodwireCluster one = new PodwireCluster(1).withImages(Engine.images());
        PodwireCluster other = new PodwireCluster(1).withImages(Engine.images())) {
      Startables.deepStart(one, other).join();

      String node = "node-1";
      assertThat(one.cluster().node(node).addresses())
          .isNotEqualTo(other.cluster().node(node).addresses());
      reporter.publishEntry("podwire.start", one.startTook() + ", " + other.startTook());

      one.stop();
      assertThat(other.pod("late")).startsWith("container:");

      killNodes();
      assertThatThrownBy(() -> other.pod("lost"))
          .isInstanceOf(ClusterFailure.class)
          .hasMessageStartingWith(
              "Pod lost was not made on node-1: podwire-sandbox: nobody listens")
          .hasMessageContaining("the node's agent has ended, start it again");
    }
  }

  /** Those of this JVM that run. */
  private static void killNodes() {
    DockerClient docker = PodwireImages.docker();
    docker
        .listContainersCmd()
        .withLabelFilter(session(DockerClientFactory.SESSION_ID))
        .withAncestorFilter(List.of(Engine.images().nodeAgent()))
        .exec()
        .forEach(node -> docker.killContainerCmd(node.getId()).exec());
  }

  private static List<String> session(String id) {
    return List.of(DockerClientFactory.TESTCONTAINERS_SESSION_ID_LABEL + "=" + id);
  }

  @Test
  void shouldSayWhichImagesAreMissing() {
    try (PodwireCluster cluster =
        new PodwireCluster(1).withImages(PodwireImages.tagged("no-such-tag"))) {
      assertThatThrownBy(cluster::start)
          .isInstanceOf(ClusterFailure.class)
          .hasMessageStartingWith("missing images: podwire/control-plane:no-such-tag")
          .hasMessageContaining("build them with docker/build.sh");
    }
  }

  @Test
  void shouldSayWhatAProgramSaidLast() {
    PodwireImages good = Engine.images();
    // Of the wrong program: it refuses the agent's options.
    PodwireImages bad =
        new PodwireImages(good.controlPlane(), good.dnsServer(), good.dnsServer(), good.sandbox());
    try (PodwireCluster cluster = new PodwireCluster(1).withImages(bad)) {
      assertThatThrownBy(cluster::start)
          .isInstanceOf(ClusterFailure.class)
          .hasMessageContaining("the cluster does not become Ready: node-1 has ended")
          .hasMessageContaining("--attach-socket");
    }
    assertThat(left(DockerClientFactory.SESSION_ID)).isEmpty();
  }

  @Test
  void shouldSayThatItIsNotStarted() {
    try (PodwireCluster cluster = new PodwireCluster(1)) {
      assertThatThrownBy(() -> cluster.pod("db"))
          .isInstanceOf(ClusterFailure.class)
          .hasMessageContaining("call start() first");
    }
  }

  /** Where Ryuk is switched off, as it is here, somebody else has to do that. */
  @Test
  void shouldLeaveNothingWhereTheTestIsKilled() throws Exception {
    Process test =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                HeldContainers.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String session;
    try (BufferedReader out = test.inputReader()) {
      do {
        session = Objects.requireNonNull(out.readLine(), "it has ended before it was killed");
      } while (!session.startsWith(HeldContainers.SESSION));
    } finally {
      test.destroyForcibly().waitFor();
    }
    String id = session.substring(HeldContainers.SESSION.length());

    await().atMost(Duration.ofSeconds(60)).until(() -> left(id).isEmpty());
  }

  /** Containers, networks and volumes of a test's JVM. */
  private static List<String> left(String session) {
    DockerClient docker = PodwireImages.docker();
    List<String> label = session(session);
    List<String> left = new ArrayList<>();
    docker
        .listContainersCmd()
        .withShowAll(true)
        .withLabelFilter(label)
        .exec()
        .forEach(each -> left.add("container " + each.getImage()));
    docker
        .listNetworksCmd()
        .withFilter("label", label)
        .exec()
        .forEach(each -> left.add("network " + each.getName()));
    docker
        .listVolumesCmd()
        .withFilter("label", label)
        .exec()
        .getVolumes()
        .forEach(each -> left.add("volume " + each.getName()));
    return left;
  }
}
