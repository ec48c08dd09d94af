package io.podwire.testkit.e2e;

import io.podwire.linux.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One of the cluster's programs, started without the launcher, as somebody might do by mistake. */
final class HandStarted implements AutoCloseable {

  private final Process process;
  private final Path output;

  private HandStarted(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /** Starts a main class of the distribution in this process's namespaces. */
  static HandStarted start(PodwireCommand podwire, String mainClass, String... arguments)
      throws IOException {
    List<String> words =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                PodwireCommand.LEAK_OPTION,
                "-cp",
                podwire.root().resolve("cli/target/dist/lib") + "/*",
                mainClass));
    words.addAll(List.of(arguments));
    Path output = Files.createTempFile(podwire.home(), "by-hand", ".log");
    Process process =
        new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(output.toFile()).start();
    return new HandStarted(process, output);
  }

  /** As above, in the network namespace of a program of the running cluster. */
  static HandStarted startBeside(
      PodwireCommand podwire, String program, String mainClass, String... arguments)
      throws IOException {
    try (NetworkNamespace network = networkOf(podwire, program)) {
      return network.call(() -> start(podwire, mainClass, arguments));
    }
  }

  /** The network namespace of a program of the running cluster, such as node-1. */
  static NetworkNamespace networkOf(PodwireCommand podwire, String program) throws IOException {
    Path pid = podwire.home().resolve("clusters/podwire/run/" + program + ".pid");
    return NetworkNamespace.ofProcess(Long.parseLong(Files.readString(pid).strip()));
  }

  /** What it has printed so far. */
  String output() throws IOException {
    return Files.readString(output);
  }

  /** Waits for its end; one that does not end in time fails. */
  PodwireCommand.Result awaitEnd(int seconds) throws IOException, InterruptedException {
    if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
      throw new AssertionError("still runs after " + seconds + " s: " + output());
    }
    return new PodwireCommand.Result(process.exitValue(), "", output());
  }

  boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    try {
      process.destroyForcibly().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
