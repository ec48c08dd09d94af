package io.podwire.testkit.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A network namespace that no cluster made, as a container runtime would make it: with a name, and
 * files of its own in /etc/netns (ip-netns(8)).
 */
final class OutsideNamespace implements AutoCloseable {

  private static final int LIMIT_SECONDS = 60;

  private final String name;
  private final Path scratch;
  private final List<Process> programs = new ArrayList<>();

  private OutsideNamespace(String name, Path scratch) {
    this.name = name;
    this.scratch = scratch;
  }

  /** Makes it; the name is unlike that of any other test that runs now. */
  static OutsideNamespace create(String word, Path scratch) throws Exception {
    String name = "podwire-it-" + word + "-" + ProcessHandle.current().pid();
    OutsideNamespace namespace = new OutsideNamespace(name, scratch);
    Files.createDirectories(namespace.etc());
    Files.writeString(namespace.etc().resolve("resolv.conf"), "");
    Files.writeString(namespace.etc().resolve("hosts"), "");
    namespace.outside("ip", "netns", "add", name).succeeded();
    return namespace;
  }

  /** The namespace's file. */
  Path path() {
    return Path.of("/run/netns", name);
  }

  Path etc() {
    return Path.of("/etc/netns", name);
  }

  /** Runs a program in it to its end. */
  PodwireCommand.Result run(String... command) throws Exception {
    return outside(inside(command));
  }

  /** Starts a program in it, which ends with the namespace at the latest. */
  Process start(Path output, String... command) throws IOException {
    Process process =
        new ProcessBuilder(inside(command))
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    programs.add(process);
    return process;
  }

  private String[] inside(String... command) {
    List<String> words = new ArrayList<>(List.of("ip", "netns", "exec", name));
    words.addAll(List.of(command));
    return words.toArray(String[]::new);
  }

  private PodwireCommand.Result outside(String... command) throws Exception {
    return run(scratch, Map.of(), "", command);
  }

  /** Runs a program with this environment alone, where there is one, and this input. */
  static PodwireCommand.Result run(
      Path scratch, Map<String, String> environment, String input, String... command)
      throws Exception {
    Path in = Files.writeString(Files.createTempFile(scratch, "in", ".txt"), input);
    Path out = Files.createTempFile(scratch, "out", ".txt");
    Path err = Files.createTempFile(scratch, "err", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    if (!environment.isEmpty()) {
      builder.environment().clear();
      builder.environment().putAll(environment);
    }
    Process process = builder.start();
    boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
    if (!ended) {
      process.destroyForcibly().waitFor();
    }
    PodwireCommand.Result result =
        new PodwireCommand.Result(
            process.exitValue(), Files.readString(out), Files.readString(err));
    assertThat(ended).as("ended: %s", result.all()).isTrue();
    return result;
  }

  /** Removes the namespace's file, whatever is in there. */
  void delete() throws Exception {
    outside("ip", "netns", "del", name).succeeded();
  }

  @Override
  public void close() throws Exception {
    for (Process program : programs) {
      program.destroyForcibly().waitFor();
    }
    if (Files.exists(path())) {
      delete();
    }
    for (String file : List.of("resolv.conf", "hosts")) {
      Files.deleteIfExists(etc().resolve(file));
    }
    Files.deleteIfExists(etc());
  }
}
