package io.podwire.cli.local;

import io.podwire.cli.outcome.CommandFailure;
import io.podwire.cli.outcome.ExitCode;
import io.podwire.client.api.ApiAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where everything of one local cluster lies.
 *
 * @param root what all clusters share: {@code $PODWIRE_HOME} or {@code ~/.podwire}
 * @param name the cluster's name
 */
public record ClusterHome(Path root, String name) {
  /** The name of a cluster that was given none. */
  public static final String DEFAULT_NAME = "podwire";

  private static final String NAME_PATTERN = "[a-z0-9]([-a-z0-9]{0,30}[a-z0-9])?";
  // struct sockaddr_un holds 108 octets with the final zero (unix(7)).
  private static final int MAX_SOCKET_PATH = 107;

  /**
   * The home of the cluster, by the environment.
   *
   * @throws CommandFailure for a name that cannot be a folder and a host name, or a path too long
   */
  public static ClusterHome of(String name, Map<String, String> environment) {
    if (!name.matches(NAME_PATTERN)) {
      throw new CommandFailure(
          "--name \"" + name + "\" is no cluster name: use up to 32 of a-z, 0-9 and - inside",
          ExitCode.USAGE,
          null);
    }
    String root = environment.get("PODWIRE_HOME");
    Path path =
        root != null && !root.isEmpty()
            ? Path.of(root)
            : Path.of(environment.getOrDefault("HOME", "/tmp"), ".podwire");
    ClusterHome home = new ClusterHome(path.toAbsolutePath().normalize(), name);
    int length = home.socket().toString().getBytes(StandardCharsets.UTF_8).length;
    if (length > MAX_SOCKET_PATH) {
      throw new CommandFailure(
          "the socket's path "
              + home.socket()
              + " is longer than "
              + MAX_SOCKET_PATH
              + " octets: set PODWIRE_HOME to a shorter folder");
    }
    return home;
  }

  /** The cluster's own folder. */
  public Path folder() {
    return root.resolve("clusters").resolve(name);
  }

  /** What was started, as JSON. */
  public Path record() {
    return folder().resolve("cluster.json");
  }

  /** Held while the cluster is started or removed. */
  public Path lock() {
    return folder().resolve("lock");
  }

  /** The control plane's API. */
  public Path socket() {
    return folder().resolve("api.sock");
  }

  /** The control plane's API as an address. */
  public ApiAddress api() {
    return new ApiAddress.Unix(socket());
  }

  /** The commands that give this machine routes into the cluster. */
  public Path hostRoute() {
    return folder().resolve("host-route.sh");
  }

  /** Process ids and ready files. */
  public Path run() {
    return folder().resolve("run");
  }

  /** Programs that Pods find on their PATH. */
  public Path programs() {
    return folder().resolve("bin");
  }

  /** What the nodes resolve names with, where that is not the machine's own file. */
  public Path resolvConf() {
    return folder().resolve("resolv.conf");
  }

  /** What the programs say. */
  public Path logs() {
    return folder().resolve("logs");
  }

  /** A program's log. */
  public Path log(String daemon) {
    return logs().resolve(daemon + ".log");
  }

  /** Its presence says that the program serves. */
  public Path readyFile(String daemon) {
    return run().resolve(daemon + ".ready");
  }

  /** The control plane's data. */
  public Path data() {
    return folder().resolve("control-plane");
  }

  /** What a node's agent keeps. */
  public Path node(String node) {
    return folder().resolve("nodes").resolve(node);
  }

  /** Temporary files of the cluster's programs. */
  public Path temporary() {
    return folder().resolve("tmp");
  }
}
