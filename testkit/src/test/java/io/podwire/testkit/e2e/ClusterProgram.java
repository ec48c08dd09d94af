package io.podwire.testkit.e2e;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;

/** A supervised program of a local cluster, such as node-1 or control-plane. Stateless. */
record ClusterProgram(Path home, String name) {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private Path file(String suffix) {
    return home.resolve("clusters/podwire/run").resolve(name + suffix);
  }

  /** Its process, where it runs. */
  OptionalLong pid() {
    try {
      long pid = Long.parseLong(Files.readString(file(".pid")).strip());
      return Files.exists(Path.of("/proc/" + pid)) ? OptionalLong.of(pid) : OptionalLong.empty();
    } catch (IOException | NumberFormatException absent) {
      return OptionalLong.empty();
    }
  }

  boolean isReady() {
    return pid().isPresent() && Files.exists(file(".ready"));
  }

  /** Kills it (SIGKILL), as soon as it runs. */
  void kill() {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> {
          OptionalLong pid = pid();
          return pid.isPresent()
              && ProcessHandle.of(pid.getAsLong())
                  .map(ProcessHandle::destroyForcibly)
                  .orElse(false);
        });
  }

  /** Whether it is stopped (SIGSTOP). */
  boolean isPaused() throws IOException {
    OptionalLong pid = pid();
    if (pid.isEmpty()) {
      return false;
    }
    try {
      String stat = Files.readString(Path.of("/proc/" + pid.getAsLong() + "/stat"));
      return stat.charAt(stat.lastIndexOf(')') + 2) == 'T';
    } catch (IOException gone) {
      return false;
    }
  }
}
