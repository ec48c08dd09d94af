package io.podwire.cli.bench;

import io.podwire.cli.outcome.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a process holds of the machine's memory (proc_pid_smaps(5)), in MiB.
 *
 * @param resident all that is mapped and present, shared or not
 * @param proportional the same, with each shared page divided by those that share it
 */
record ProcessMemory(double resident, double proportional) {
  private static final double KIB_PER_MIB = 1024;

  /** Of a running process. */
  static ProcessMemory of(long pid) {
    try {
      return parse(Files.readAllLines(Path.of("/proc/" + pid + "/smaps_rollup")));
    } catch (IOException gone) {
      throw new CommandFailure("the memory of process " + pid + " cannot be read", gone);
    }
  }

  static ProcessMemory parse(List<String> lines) {
    return new ProcessMemory(mebibytes(lines, "Rss:"), mebibytes(lines, "Pss:"));
  }

  private static double mebibytes(List<String> lines, String field) {
    return lines.stream()
        .filter(line -> line.startsWith(field))
        .map(line -> line.substring(field.length()).replace("kB", "").strip())
        .mapToDouble(kib -> Double.parseDouble(kib) / KIB_PER_MIB)
        .findFirst()
        .orElseThrow(() -> new CommandFailure("smaps_rollup has no line " + field));
  }
}
