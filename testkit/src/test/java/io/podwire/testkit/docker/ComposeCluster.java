package io.podwire.testkit.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The cluster of docker/compose.yaml, and of files that add to it, under a project name of its own;
 * closing it removes its containers, network and volumes.
 */
final class ComposeCluster implements AutoCloseable {

  /** Also the label by which a run that was cut short is cleaned up (.ci/run). */
  private static final String PROJECT = "podwire-it";

  /** Of the images that this build makes. */
  static final String TAG = "it";

  /** An empty port lets Docker choose one, so that a taken 8080 is not in the way. */
  private static final Map<String, String> ENVIRONMENT =
      Map.of("PODWIRE_API_PORT", "", "PODWIRE_WEB_PORT", "", "PODWIRE_TAG", TAG);

  private static final List<List<String>> COMPOSE_COMMANDS =
      List.of(List.of("docker", "compose"), List.of("docker-compose"));

  private final Path root;
  private final List<String> compose;
  private final List<String> files;

  private ComposeCluster(Path root, List<String> compose, List<String> files) {
    this.root = root;
    this.compose = compose;
    this.files = files;
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

  /** Builds the images of the examples' servers from Debian's packages. */
  static Command buildExampleImages() throws IOException, InterruptedException {
    return run(projectRoot(), Duration.ofMinutes(5), List.of("docker/examples/build.sh"));
  }

  /**
   * A cluster that is not yet started, driven by the given Compose command.
   *
   * @param more files that add to it, from the project's root folder on
   */
  static ComposeCluster of(List<String> composeCommand, String... more) {
    List<String> files = new ArrayList<>(List.of("docker/compose.yaml"));
    files.addAll(List.of(more));
    return new ComposeCluster(projectRoot(), composeCommand, files);
  }

  /** Starts every container in the background. */
  Command up() throws IOException, InterruptedException {
    return compose(Duration.ofMinutes(3), "up", "-d", "--no-build");
  }

  /** Runs one command in the demo service once all others are healthy. */
  Command demo() throws IOException, InterruptedException {
    return runService("demo");
  }

  /** Runs one service to its end; its exit code is the command's. */
  Command runService(String service) throws IOException, InterruptedException {
    return compose(Duration.ofMinutes(3), "run", "--rm", "-T", service);
  }

  /** Runs a Podwire command in a node's container, with the cluster's API for its server. */
  Command podwire(String... arguments) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("exec", "-T", "node-1", "podwire"));
    words.add("--server=http://10.230.0.2:8080");
    words.addAll(List.of(arguments));
    return compose(Duration.ofSeconds(60), words.toArray(String[]::new));
  }

  /** Where a service's port is published, {@code host:port}. */
  String published(String service, int port) throws IOException, InterruptedException {
    return compose(Duration.ofSeconds(20), "port", service, Integer.toString(port))
        .output()
        .strip();
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
    files.forEach(file -> words.addAll(List.of("-f", file)));
    words.addAll(List.of("-p", PROJECT));
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
