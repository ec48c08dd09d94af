package io.podwire.testkit.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What docker/examples shows: containers as Pods, with nothing but Compose. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class ExamplesIT {
  private static final String STORE = "docker/examples/store/compose.yaml";
  private static final String WEB = "docker/examples/web/compose.yaml";

  /** Asks each member for its part in the quorum. */
  private static final String MODES =
      "for each in 1 2 3; do exec 3<>/dev/tcp/store-$each/2181 && echo srvr >&3 && cat <&3; done";

  private static final int NODE_PORT = 30080;

  @BeforeAll
  static void buildImages() throws IOException, InterruptedException {
    assumeTrue(
        ComposeCluster.isDockerThere(),
        "Docker does not answer; start it to run the examples on containers");
    assumeFalse(
        ComposeCluster.composeCommands().isEmpty(),
        "neither 'docker compose' nor 'docker-compose' is installed");
    Command build = ComposeCluster.buildImages();
    assertThat(build.succeeded()).as(build.toString()).isTrue();
    Command servers = ComposeCluster.buildExampleImages();
    assertThat(servers.succeeded()).as(servers.toString()).isTrue();
  }

  static List<List<String>> composeCommands() throws IOException, InterruptedException {
    return ComposeCluster.composeCommands();
  }

  @ParameterizedTest
  @MethodSource("composeCommands")
  void shouldMakePodsOfContainers(List<String> composeCommand)
      throws IOException, InterruptedException {
    try (ComposeCluster cluster = ComposeCluster.of(composeCommand, STORE, WEB)) {
      Command up = cluster.up();
      assertThat(up.succeeded())
          .as("%s%n%s", up, up.succeeded() ? "" : cluster.diagnosis())
          .isTrue();

      assertQuorum(cluster);
      assertWebFromHost(cluster);
      Command experiment = cluster.runService("experiment");
      assertThat(experiment.succeeded())
          .as("%s%n%s", experiment, experiment.succeeded() ? "" : cluster.diagnosis())
          .isTrue();
    }
  }

  private static void assertQuorum(ComposeCluster cluster) {
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> {
          Command modes = cluster.podwire("exec", "client", "--", "bash", "-c", MODES);
          assertThat(modes.output()).containsOnlyOnce("Mode: leader");
          assertThat(modes.output().lines().filter("Mode: follower"::equals)).hasSize(2);
        });
  }

  private static void assertWebFromHost(ComposeCluster cluster)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://" + cluster.published("node-1", NODE_PORT) + "/");
    HttpClient client = HttpClient.newHttpClient();
    await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptions()
        .untilAsserted(() ->
            assertThat(
                    client
                        .send(
                            HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build(),
                            HttpResponse.BodyHandlers.ofString())
                        .body())
                .startsWith("visit "));
  }
}
