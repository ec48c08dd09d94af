package io.podwire.testkit.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The cluster of docker/compose.yaml under a project name of its own; closing it removes its
 * containers, network and volumes.
 */
final class ComposeCluster implements AutoCloseable {

  /** Also the label by which a run that was cut short is cleaned up (.ci/run). */
  private static final String PROJECT = "podwire-it";

  /** An empty port lets Docker choose one, so that a taken 8080 is not in the way. */
  private static final Map<String, String> ENVIRONMENT =
      Map.of("PODWIRE_API_PORT", "", "PODWIRE_TAG", "it");

  private static final List<List<String>> COMPOSE_COMMANDS =
      List.of(List.of("docker", "compose"), List.of("docker-compose"));

  private final Path root;
  private final List<String> compose;

  private ComposeCluster(Path root, List<String> compose) {
    this.root = root;
    this.compose = compose;
  }

  /** Whether a Docker engine answers. */
  static boolean isDockerThere() throws IOException, InterruptedException {
    return run(projectRoot(), Duration.ofSeconds(20), List.of("docker", "info")).succeeded();
  }

  /** The Compose commands that this machine has, Compose 2 first. */
  static List<List<String>> composeCommands() throws IOException, InterruptedException {
    List<List<String>> found = new ArrayList<>();
    for (List<String> command : COMPOSE_COMMANDS) {
      List<String> version = new ArrayList<>(command);
      version.add("version");
      if (run(projectRoot(), Duration.ofSeconds(20), version).succeeded()) {
        found.add(command);
      }
    }
    return found;
  }

  /** Builds the images from the jars that this build has packaged. */
  static Command buildImages() throws IOException, InterruptedException {
    return run(projectRoot(), Duration.ofMinutes(5), List.of("docker/build.sh", "--no-package"));
  }

  /** A cluster that is not yet started, driven by the given Compose command. */
  static ComposeCluster of(List<String> composeCommand) {
    return new ComposeCluster(projectRoot(), composeCommand);
  }

  /** Starts every container in the background. */
  Command up() throws IOException, InterruptedException {
    return compose(Duration.ofMinutes(3), "up", "-d", "--no-build");
  }

  /** Runs one command in the demo service once all others are healthy. */
  Command demo() throws IOException, InterruptedException {
    return compose(Duration.ofMinutes(3), "run", "--rm", "-T", "demo");
  }

  /** The state of the containers and the end of their output, for a failure's message. */
  String diagnosis() throws IOException, InterruptedException {
    return compose(Duration.ofSeconds(30), "ps", "-a").output()
        + compose(Duration.ofSeconds(30), "logs", "--no-color", "--tail=60").output();
  }

  @Override
  public void close() throws IOException, InterruptedException {
    compose(Duration.ofMinutes(2), "down", "--volumes", "--remove-orphans", "--timeout", "5");
  }

  private Command compose(Duration limit, String... arguments)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(compose);
    words.addAll(List.of("-f", "docker/compose.yaml", "-p", PROJECT));
    words.addAll(List.of(arguments));
    return run(root, limit, words);
  }

  private static Command run(Path folder, Duration limit, List<String> words)
      throws IOException, InterruptedException {
    return Command.run(folder, ENVIRONMENT, limit, words);
  }

  private static Path projectRoot() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("docker/compose.yaml"))) {
      Path parent = folder.getParent();
      if (parent == null) {
        throw new IllegalStateException(
            "No docker/compose.yaml above " + Path.of("").toAbsolutePath());
      }
      folder = parent;
    }
    return folder;
  }
}
