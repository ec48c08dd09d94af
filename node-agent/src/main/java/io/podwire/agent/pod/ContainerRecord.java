package io.podwire.agent.pod;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What a later agent needs to find a container's running program again.
 *
 * @param run counted from 0: also the number of restarts and of the log
 * @param pid of its supervisor
 * @param start the supervisor's start time, see {@link io.podwire.linux.ProcessTable#startTime}
 */
record ContainerRecord(int run, long pid, long start) {

  void write(Path file) {
    StateFile.write(
        file,
        Map.of(
            "run", Integer.toString(run),
            "pid", Long.toString(pid),
            "start", Long.toString(start)));
  }

  /** Empty where it never ran. */
  static Optional<ContainerRecord> read(Path file) {
    return StateFile.read(file)
        .map(values ->
            new ContainerRecord(
                Integer.parseInt(values.getOrDefault("run", "0")),
                Long.parseLong(values.getOrDefault("pid", "0")),
                Long.parseLong(values.getOrDefault("start", "-1"))));
  }
}
