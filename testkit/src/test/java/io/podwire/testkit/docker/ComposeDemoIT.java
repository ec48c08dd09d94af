package io.podwire.testkit.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The demo's steps hold on the cluster of containers that docker/compose.yaml describes. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class ComposeDemoIT {

  @BeforeAll
  static void buildImages() throws IOException, InterruptedException {
    assumeTrue(
        ComposeCluster.isDockerThere(),
        "Docker does not answer; start it to run the demo on containers");
    assumeFalse(
        ComposeCluster.composeCommands().isEmpty(),
        "neither 'docker compose' nor 'docker-compose' is installed");
    Command build = ComposeCluster.buildImages();
    assertThat(build.succeeded()).as(build.toString()).isTrue();
  }

  static List<List<String>> composeCommands() throws IOException, InterruptedException {
    return ComposeCluster.composeCommands();
  }

  @ParameterizedTest
  @MethodSource("composeCommands")
  void shouldPassTheDemoOnContainers(List<String> composeCommand)
      throws IOException, InterruptedException {
    try (ComposeCluster cluster = ComposeCluster.of(composeCommand)) {
      assertSucceeded(cluster, cluster.up());
      assertSucceeded(cluster, cluster.demo());
    }
  }

  private static void assertSucceeded(ComposeCluster cluster, Command command)
      throws IOException, InterruptedException {
    if (!command.succeeded()) {
      fail("%s%n%s", command, cluster.diagnosis());
    }
  }
}
