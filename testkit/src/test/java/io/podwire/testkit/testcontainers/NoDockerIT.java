package io.podwire.testkit.testcontainers;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.testkit.cluster.ClusterFailure;
import io.podwire.testkit.e2e.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of containers where no Docker answers; it needs none itself. */
class NoDockerIT {

  private static final String REFUSAL = "refusal: ";

  @TempDir Path scratch;

  @BeforeAll
  static void needRoot() throws Exception {
    Tools.assumeRoot();
    Tools.assumeInstalled("unshare", "mount");
  }

  /** Tries to start one, and prints what it is told. */
  public static void main(String[] arguments) {
    try (PodwireCluster cluster = new PodwireCluster(1)) {
      cluster.start();
    } catch (ClusterFailure failure) {
      System.out.println(
          REFUSAL + String.valueOf(failure.getMessage()).lines().findFirst().orElse(""));
    }
  }

  /** Where this machine has Docker, its socket is hidden from the test's JVM. */
  @Test
  void shouldSayWhatToDo() throws Exception {
    Path output = scratch.resolve("output");
    Process test =
        new ProcessBuilder(
                List.of(
                    "unshare",
                    "--mount",
                    "sh",
                    "-c",
                    "mount -t tmpfs hidden /run && exec \"$@\"",
                    "sh",
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Duser.home=" + scratch,
                    "-cp",
                    System.getProperty("java.class.path"),
                    NoDockerIT.class.getName()))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = test.waitFor(60, TimeUnit.SECONDS);
    test.destroyForcibly();

    String printed = Files.readString(output);
    assertThat(ended).as(printed).isTrue();
    assertThat(printed)
        .contains(REFUSAL + "Docker does not answer: start it, or set DOCKER_HOST (");
  }
}
