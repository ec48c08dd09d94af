package io.podwire.sandbox.cni;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The environment of one call (CNI specification, section 2, "Parameters").
 *
 * @param containerId empty for STATUS, VERSION and GC
 * @param netns path of the namespace's file; may be empty for DEL
 * @param arguments of CNI_ARGS
 */
record CniCall(
    String command,
    String containerId,
    String netns,
    String interfaceName,
    Map<String, String> arguments) {

  private static final String CONTAINER_ID = "[a-zA-Z0-9][a-zA-Z0-9_.\\-]*";
  private static final int INTERFACE_MAX = 15;
  private static final List<String> OF_CONTAINERS = List.of("ADD", "DEL", "CHECK");

  CniCall {
    arguments = Map.copyOf(arguments);
  }

  static CniCall of(Map<String, String> environment) {
    String command = environment.getOrDefault("CNI_COMMAND", "");
    if (command.isEmpty()) {
      throw invalid("CNI_COMMAND is missing", "this program is called by a container runtime");
    }
    CniCall call =
        new CniCall(
            command,
            environment.getOrDefault("CNI_CONTAINERID", ""),
            environment.getOrDefault("CNI_NETNS", ""),
            environment.getOrDefault("CNI_IFNAME", ""),
            arguments(environment.getOrDefault("CNI_ARGS", "")));
    if (OF_CONTAINERS.contains(command)) {
      call.check();
    }
    return call;
  }

  private void check() {
    if (!containerId.matches(CONTAINER_ID)) {
      throw invalid(
          "CNI_CONTAINERID is missing or invalid", "'" + containerId + "' is no container id");
    }
    boolean isName =
        !interfaceName.isEmpty()
            && interfaceName.length() <= INTERFACE_MAX
            && !interfaceName.equals(".")
            && !interfaceName.equals("..")
            && interfaceName.chars().noneMatch(c -> c == '/' || c == ':' || c <= ' ');
    if (!isName) {
      throw invalid(
          "CNI_IFNAME is missing or invalid", "'" + interfaceName + "' is no interface's name");
    }
    if (netns.isEmpty() && !command.equals("DEL")) {
      throw invalid("CNI_NETNS is missing", "name the file of a network namespace");
    }
  }

  private static Map<String, String> arguments(String text) {
    Map<String, String> arguments = new HashMap<>();
    for (String pair : text.split(";")) {
      if (pair.isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      if (equals < 1) {
        throw invalid("CNI_ARGS is invalid", "'" + pair + "' is not KEY=VALUE");
      }
      arguments.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
    return arguments;
  }

  private static CniException invalid(String message, String details) {
    return new CniException(CniException.INVALID_ENVIRONMENT, message, details);
  }
}
