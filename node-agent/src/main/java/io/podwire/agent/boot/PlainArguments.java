package io.podwire.agent.boot;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a command line as {@code podwire up} writes it, {@code --option=value} throughout, without
 * the library that knows everything else: that takes longer than the rest of the agent's
 * preparations, and up to a hundred agents start together.
 */
final class PlainArguments {

  /** Where an option has its default from the environment, the library is asked. */
  private static final Set<String> VARIABLES =
      Set.of(
          "PODWIRE_NODE_NAME",
          "PODWIRE_NODE_ADDRESS",
          "PODWIRE_CONTROL_PLANE",
          "PODWIRE_STATE",
          "PODWIRE_ATTACH_SOCKET",
          "PODWIRE_PRESET",
          "PODWIRE_VXLAN_PORT",
          "PODWIRE_GRPC_PORT",
          "PODWIRE_OFFLOADS",
          "PODWIRE_START_CACHES");

  private PlainArguments() {}

  /** The options; empty where anything is not as plain as that. */
  static Optional<AgentOptions> read(String[] arguments, Map<String, String> environment) {
    if (VARIABLES.stream().anyMatch(environment::containsKey)) {
      return Optional.empty();
    }
    AgentOptions options = new AgentOptions();
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      if (equals < 0 || argument.indexOf('"') >= 0 || argument.indexOf('\'') >= 0) {
        return Optional.empty();
      }
      if (!take(options, argument.substring(0, equals), argument.substring(equals + 1))) {
        return Optional.empty();
      }
    }
    return Optional.of(options);
  }

  private static boolean take(AgentOptions options, String name, String value) {
    switch (name) {
      case "--name" -> options.name = value;
      case "--address" -> options.address = value;
      case "--control-plane" -> options.controlPlanes.addAll(List.of(value.split(",")));
      case "--state" -> options.state = Path.of(value);
      case "--attach-socket" -> options.attachSocket = value;
      case "--preset" -> options.preset = value;
      case "--ready-file" -> options.readyFile = Path.of(value);
      case "--start-caches" -> options.startCaches = Path.of(value);
      default -> {
        return false;
      }
    }
    return !value.isEmpty();
  }
}
