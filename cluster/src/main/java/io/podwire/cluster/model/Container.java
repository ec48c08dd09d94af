package io.podwire.cluster.model;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A program of a Pod.
 *
 * @param image names a built-in program ({@code podwire/agnhost}, {@code podwire/dns-server}), or
 *     is only a label where {@code command} is given
 * @param command replaces the image's entry point; empty means the image's own
 * @param args arguments; empty means the image's own where {@code command} is empty too
 */
public record Container(
    String name,
    String image,
    List<String> command,
    List<String> args,
    Map<String, String> env,
    String workingDir,
    List<ContainerPort> ports,
    @Nullable Probe readinessProbe) {

  public Container {
    command = List.copyOf(command);
    args = List.copyOf(args);
    env = Map.copyOf(env);
    ports = List.copyOf(ports);
  }

  /** A port that the program says it listens on; {@code name} is empty where it has none. */
  public record ContainerPort(String name, int port, Protocol protocol) {}
}
