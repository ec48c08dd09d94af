package io.podwire.testkit.cluster;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A process that outlives this JVM for as long as it takes to remove what the JVM has left.
 *
 * <p>It reads from a pipe that this JVM alone holds. The kernel closes the pipe when the JVM ends,
 * also by kill -9, and the end of the input is the reaper's cue. Thread-safe.
 */
public final class Reaper {
  private static final String DONE = "done";

  // Ctrl-C reaches the whole group; whoever starts or removes the cluster meanwhile holds its lock.
  private static final String WAIT =
      """
      trap '' INT TERM HUP
      read word
      [ "$word" = done ] && exit 0
      """;

  private static final String SCRIPT =
      """
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
    return start(
        SCRIPT,
        Map.of(StateFolder.VARIABLE, state.home().toString()),
        List.of(launcher.program().toString(), state.name()));
  }

  /**
   * Watches from now on.
   *
   * @param script for sh: what is to be done when this JVM is gone
   * @param arguments the script's $1 and on
   */
  public static Reaper start(
      String script, Map<String, String> environment, List<String> arguments) {
    List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", WAIT + script));
    words.add("podwire-reaper");
    words.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .redirectInput(ProcessBuilder.Redirect.PIPE)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().putAll(environment);
    try {
      return new Reaper(builder.start());
    } catch (IOException failure) {
      throw new ClusterFailure("cannot run /bin/sh: " + failure.getMessage(), failure);
    }
  }

  /** The cluster is gone: nothing is left to do. */
  public void dismiss() {
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
