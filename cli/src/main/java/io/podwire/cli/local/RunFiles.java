package io.podwire.cli.local;

import io.podwire.linux.ProcessTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** Reads what supervisors write into a cluster's run folder. */
final class RunFiles {
  private RunFiles() {}

  /** The process id in a file; empty where there is none, or no such process any more. */
  static OptionalLong pid(Path file) {
    try {
      long pid = Long.parseLong(Files.readString(file).strip());
      return ProcessTable.startTime(pid).isPresent() ? OptionalLong.of(pid) : OptionalLong.empty();
    } catch (IOException | NumberFormatException absent) {
      return OptionalLong.empty();
    }
  }

  /** The program's process id. */
  static OptionalLong program(ClusterHome home, String daemon) {
    return pid(home.run().resolve(daemon + ".pid"));
  }

  /** The exit codes of a program's runs so far, oldest first. */
  static List<String> exits(ClusterHome home, String daemon) {
    try {
      return Files.readAllLines(home.run().resolve(daemon + ".exits"));
    } catch (IOException none) {
      return List.of();
    }
  }

  /** The last lines of a program's log. */
  static List<String> logTail(ClusterHome home, String daemon, int lines) {
    try {
      List<String> all = Files.readAllLines(home.log(daemon));
      return all.subList(Math.max(0, all.size() - lines), all.size());
    } catch (IOException none) {
      return List.of();
    }
  }
}
