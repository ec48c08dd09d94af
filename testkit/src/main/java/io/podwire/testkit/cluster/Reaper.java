package io.podwire.testkit.cluster;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A process that outlives this JVM for as long as it takes to remove the cluster.
 *
 * <p>It reads from a pipe that this JVM alone holds. The kernel closes the pipe when the JVM ends,
 * also by kill -9, and the end of the input is the reaper's cue.
 */
final class Reaper {
  private static final String DONE = "done";

  // Ctrl-C reaches the whole group; whoever starts or removes the cluster meanwhile holds its lock.
  private static final String SCRIPT =
      """
      trap '' INT TERM HUP
      read word
      [ "$word" = done ] && exit 0
      left=55
      until "$1" down --name "$2" >/dev/null 2>&1 </dev/null; do
        left=$((left - 1))
        [ "$left" -gt 0 ] || exit 1
        sleep 1
      done
      rm -rf "$PODWIRE_HOME"
      """;

  private final Process process;

  private Reaper(Process process) {
    this.process = process;
  }

  /** Watches from now on. */
  static Reaper start(Launcher launcher, StateFolder state) {
    List<String> words =
        List.of(
            "/bin/sh", "-c", SCRIPT, "podwire-reaper", launcher.program().toString(), state.name());
    try {
      return new Reaper(
          Launcher.process(words, state)
              .redirectInput(ProcessBuilder.Redirect.PIPE)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start());
    } catch (IOException failure) {
      throw new ClusterFailure("cannot run /bin/sh: " + failure.getMessage(), failure);
    }
  }

  /** The cluster is gone: nothing is left to do. */
  void dismiss() {
    try (OutputStream pipe = process.getOutputStream()) {
      pipe.write((DONE + "\n").getBytes(StandardCharsets.US_ASCII));
    } catch (IOException ended) {
      // It has been killed; there was nothing left for it anyway.
    }
    try {
      process.waitFor();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
