package io.podwire.testkit.testcontainers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.utility.DockerImageName;

/** The Docker engine that the tests use, and the images that they make on it. */
final class Engine {
  /** Of the images that this build makes. */
  static final String TAG = "it";

  private static boolean built;

  private Engine() {}

  /** For conditions of test classes. */
  static boolean isThere() {
    return DockerClientFactory.instance().isDockerAvailable();
  }

  /** Builds the images from the jars that this build has packaged, once. */
  static synchronized void buildImages() throws IOException, InterruptedException {
    if (!built) {
      run("docker/build.sh", "--no-package");
      run("docker/examples/build.sh", "redis", "postgresql");
      built = true;
    }
  }

  private static void run(String... words) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(words).directory(Path.of("..").toFile());
    builder.environment().put("PODWIRE_TAG", TAG);
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(String.join(" ", words) + ":\n" + output).isZero();
  }

  static PodwireImages images() {
    return PodwireImages.tagged(TAG);
  }

  static DockerImageName image(String example) {
    return Objects.requireNonNull(DockerImageName.parse("podwire/example-" + example + ":" + TAG));
  }
}
