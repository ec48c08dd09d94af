package io.podwire.testkit.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program run to its end in the project's root folder, its output kept in one file. */
record Command(List<String> words, int exitCode, String output) {

  /** The exit code of a program that could not be started, as in a shell. */
  static final int NOT_FOUND = 127;

  /** The exit code of a program that was ended because it took too long, as timeout(1) has it. */
  static final int TIMED_OUT = 124;

  /**
   * Runs {@code words} and waits for the end, for {@code limit} at most; standard input is empty.
   */
  static Command run(
      Path folder, Map<String, String> environment, Duration limit, List<String> words)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("podwire-command", ".log");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(words)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectOutput(output.toFile());
      builder.environment().putAll(environment);
      Process process;
      try {
        process = builder.start();
      } catch (IOException e) {
        return new Command(words, NOT_FOUND, e.toString());
      }
      boolean ended = process.waitFor(limit.toSeconds(), TimeUnit.SECONDS);
      if (!ended) {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
          process.destroyForcibly().waitFor();
        }
      }
      return new Command(words, ended ? process.exitValue() : TIMED_OUT, Files.readString(output));
    } finally {
      Files.delete(output);
    }
  }

  boolean succeeded() {
    return exitCode == 0;
  }

  @Override
  public String toString() {
    return String.join(" ", words) + " ended with " + exitCode + ":\n" + output;
  }
}
