package io.podwire.testkit.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The command {@code podwire}, run as a process of its own for each call. Thread-safe. */
final class Launcher {
  /** The system property with the launcher's path. */
  static final String PROPERTY = "podwire.launcher";

  /** The environment's variable with the launcher's path. */
  static final String VARIABLE = "PODWIRE_LAUNCHER";

  /** What the command begins its complaints with. */
  private static final String NAME = "podwire: ";

  private final Path program;

  /** How a command ended. */
  record Result(int exitCode, String out, String err) {

    /** What went wrong, without the progress before it and the command's name. */
    String message() {
      String text = err.isBlank() ? out : err;
      int begin = text.indexOf(NAME);
      return text.substring(begin < 0 ? 0 : begin + NAME.length()).strip();
    }
  }

  Launcher(Path program) {
    this.program = program;
  }

  /**
   * Looks for it: system property, environment, class path.
   *
   * @throws ClusterFailure where the one that is named is none, or the programs cannot be unpacked
   */
  static Launcher find() {
    return find(System.getProperty(PROPERTY), System.getenv(VARIABLE), BundledLauncher::find);
  }

  static Launcher find(
      @Nullable String property, @Nullable String variable, Supplier<Path> bundled) {
    if (property != null && !property.isEmpty()) {
      return named("system property " + PROPERTY, property);
    }
    if (variable != null && !variable.isEmpty()) {
      return named("environment variable " + VARIABLE, variable);
    }
    return new Launcher(bundled.get());
  }

  private static Launcher named(String where, String text) {
    Path path = Path.of(text).toAbsolutePath().normalize();
    if (!Files.isRegularFile(path) || !Files.isExecutable(path)) {
      throw new ClusterFailure(where + ": " + path + " is no program; name the launcher 'podwire'");
    }
    return new Launcher(path);
  }

  Path program() {
    return program;
  }

  /** Runs it to its end; one that takes longer is killed, which is a failure. */
  Result run(StateFolder state, Duration limit, List<String> arguments) {
    List<String> words = new ArrayList<>();
    words.add(program.toString());
    words.addAll(arguments);
    try {
      Path out = Files.createTempFile(state.home(), "out", ".txt");
      Path err = Files.createTempFile(state.home(), "err", ".txt");
      Process process =
          process(words, state).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
      try {
        boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        if (!ended) {
          process.descendants().forEach(ProcessHandle::destroyForcibly);
          process.destroyForcibly().waitFor();
        }
        Result result =
            new Result(process.exitValue(), Files.readString(out), Files.readString(err));
        if (!ended) {
          throw new ClusterFailure(
              "podwire "
                  + String.join(" ", arguments)
                  + " did not end within "
                  + limit.toSeconds()
                  + " s: "
                  + result.message());
        }
        return result;
      } catch (InterruptedException stopped) {
        // The command removes what it has begun when it is asked to end.
        process.destroy();
        Thread.currentThread().interrupt();
        throw new ClusterFailure("interrupted while podwire " + arguments.get(0) + " ran", stopped);
      } finally {
        Files.deleteIfExists(out);
        Files.deleteIfExists(err);
      }
    } catch (IOException failure) {
      throw new ClusterFailure("cannot run " + program + ": " + failure.getMessage(), failure);
    }
  }

  static ProcessBuilder process(List<String> words, StateFolder state) {
    ProcessBuilder builder = new ProcessBuilder(words);
    Map<String, String> environment = builder.environment();
    environment.put(StateFolder.VARIABLE, state.home().toString());
    return builder.redirectInput(Path.of("/dev/null").toFile());
  }
}
