package io.podwire.cli.local;

import java.util.List;

/**
 * A supervised program of a local cluster.
 *
 * @param name of its files in the state folder
 * @param program what it is an instance of: names its start cache
 * @param jvmOptions besides those that all share
 * @param mainClass what it runs
 * @param arguments its options
 */
record Daemon(
    String name,
    String program,
    List<String> jvmOptions,
    String mainClass,
    List<String> arguments) {
  static final String CONTROL_PLANE = "control-plane";
  static final String OUTSIDE_DNS = "outside-dns";

  Daemon {
    jvmOptions = List.copyOf(jvmOptions);
    arguments = List.copyOf(arguments);
  }
}
