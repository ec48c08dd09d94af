package io.podwire.testkit.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs the launcher at the project's root with a state folder of its own. Every JVM of the command
 * and of its clusters follows all buffers, so that one which is not released is told.
 */
public final class PodwireCommand {

  /** Netty's detector follows every buffer, not one of a hundred. */
  static final String LEAK_OPTION = "-Dio.netty.leakDetection.level=paranoid";

  private static final String LEAK = "LEAK:";
  private static final Duration LIMIT = Duration.ofSeconds(120);

  private final Path root;
  private final Path home;
  private final Path scratch;

  /** What a command printed and how it ended. */
  public record Result(int exitCode, String out, String err) {

    public String all() {
      return "exit code " + exitCode + "\n" + out + "\n" + err;
    }

    public Result succeeded() {
      assertThat(exitCode).as(all()).isZero();
      return this;
    }
  }

  public PodwireCommand(Path scratch) throws IOException {
    this.root = projectRoot();
    this.scratch = scratch;
    this.home = Files.createDirectories(scratch.resolve("home"));
  }

  private static Path projectRoot() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isExecutable(folder.resolve("podwire"))) {
      folder = folder.getParent();
      if (folder == null) {
        throw new IllegalStateException("no launcher 'podwire' above the working folder");
      }
    }
    return folder;
  }

  public Path home() {
    return home;
  }

  Path root() {
    return root;
  }

  public Result run(String... arguments) throws IOException, InterruptedException {
    return run(LIMIT, arguments);
  }

  /** Runs a command to its end; one that takes longer than the limit is killed and fails. */
  public Result run(Duration limit, String... arguments) throws IOException, InterruptedException {
    Path out = Files.createTempFile(scratch, "out", ".txt");
    Path err = Files.createTempFile(scratch, "err", ".txt");
    Process process = start(out, err, arguments);
    boolean ended = process.waitFor(limit.toSeconds(), TimeUnit.SECONDS);
    if (!ended) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
    Result result = new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    assertThat(ended).as("ended within %s: %s", limit, result.all()).isTrue();
    assertThat(result.err()).as("the command's own buffers").doesNotContain(LEAK);
    return result;
  }

  /** Starts a command; whoever starts it sees to its end. */
  public Process start(Path out, Path err, String... arguments) throws IOException {
    List<String> words = new ArrayList<>(List.of(root.resolve("podwire").toString()));
    words.addAll(List.of(arguments));
    return start(out, err, words);
  }

  /** Starts any program with what the command needs of its environment. */
  Process start(Path out, Path err, List<String> words) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(root.toFile())
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().put("PODWIRE_HOME", home.toString());
    builder.environment().put("PODWIRE_JVM_OPTIONS", LEAK_OPTION);
    builder.environment().put("PODWIRE_JAVA_OPTS", LEAK_OPTION);
    return builder.start();
  }

  /** Runs a program in a Pod of the default namespace. */
  public Result exec(String pod, String... command) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("exec", pod, "--"));
    words.addAll(List.of(command));
    return run(words.toArray(String[]::new));
  }

  /**
   * What the programs of the running cluster and of its Pods have logged about buffers that nobody
   * released. A leak is seen when a buffer is taken after a collection, so both happen first.
   *
   * @param pod where a program can be run, so that its agent is at work
   */
  List<String> leaks(String pod) throws IOException, InterruptedException {
    Path cluster = home.resolve("clusters/podwire");
    List<Path> pids;
    try (Stream<Path> files = Files.list(cluster.resolve("run"))) {
      pids = files.filter(file -> file.toString().endsWith(".pid")).toList();
    }
    assertThat(pids).isNotEmpty();
    for (Path pid : pids) {
      collect(Files.readString(pid).strip());
    }
    run("get", "pods", "-A").succeeded();
    exec(pod, "true").succeeded();
    List<String> leaks = new ArrayList<>();
    try (Stream<Path> files = Files.walk(cluster)) {
      for (Path log : files.filter(file -> file.toString().endsWith(".log")).toList()) {
        Files.readString(log, StandardCharsets.ISO_8859_1)
            .lines()
            .filter(line -> line.contains(LEAK))
            .forEach(line -> leaks.add(log.getFileName() + ": " + line));
      }
    }
    return leaks;
  }

  private static void collect(String pid) throws IOException, InterruptedException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process process =
        new ProcessBuilder(jcmd, pid, "GC.run")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as("jcmd %s GC.run", pid).isZero();
  }

  /** Applies a manifest given as text. */
  public Result apply(String manifest) throws IOException, InterruptedException {
    Path file = Files.createTempFile(scratch, "manifest", ".yaml");
    Files.writeString(file, manifest);
    return run("apply", "-f", file.toString());
  }
}
