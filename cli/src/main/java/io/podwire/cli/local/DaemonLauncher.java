package io.podwire.cli.local;

import io.podwire.agent.pod.JavaRuntime;
import io.podwire.linux.ChildProcess;
import io.podwire.linux.NetworkNamespace;
import io.podwire.linux.ProcessSpawner;
import io.podwire.linux.Stdio;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * Starts a cluster's programs, each below a small shell that starts it again when it dies and that
 * keeps the namespace of both.
 *
 * <p>Not thread-safe.
 */
final class DaemonLauncher {
  /** In the environment of every program of a cluster: the cluster's folder. */
  static final String MARKER = "PODWIRE_CLUSTER_DIR";

  private static final String AGNHOST = "io.podwire.agnhost.Agnhost";
  private static final String DEFAULT_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  private static final String SHELL = "/bin/sh";
  private final ClusterHome home;
  private final JavaRuntime runtime;
  private final Map<String, String> environment;
  private final Set<String> recorded = new HashSet<>();

  DaemonLauncher(ClusterHome home, JavaRuntime runtime, Map<String, String> environment) {
    this.home = home;
    this.runtime = runtime;
    this.environment = inherited(environment, home);
  }

  /** Writes the scripts and settings that the programs share. */
  void prepare() {
    try {
      for (Path folder : List.of(home.run(), home.logs(), home.temporary(), home.data())) {
        Files.createDirectories(folder);
      }
      for (String script : List.of("supervise.sh", "hold.sh")) {
        Files.writeString(home.run().resolve(script), resource(script));
      }
      Files.write(home.run().resolve("jvm.options"), jvmOptions());
      writeAgnhost();
      writeZooKeeper();
    } catch (IOException failure) {
      throw new UncheckedIOException("writing to " + home.run(), failure);
    }
  }

  /** Lets Pods call the built-in image's program by its name. */
  private void writeAgnhost() throws IOException {
    Files.createDirectories(home.programs());
    String command =
        "exec '"
            + JavaRuntime.java()
            + "' '@"
            + home.run().resolve("jvm.options")
            + "' "
            + JavaRuntime.FIRST_COMPILER
            + " -Xmx128m "
            + String.join(" ", runtime.recording() ? List.of() : runtime.cacheOptions("agnhost"))
            + " "
            + AGNHOST
            + " \"$@\"";
    writeProgram("agnhost", "#!/bin/sh\n" + command + "\n");
  }

  /**
   * Lets Pods be members of a ZooKeeper ensemble, which the cluster's own programs have at hand.
   */
  private void writeZooKeeper() throws IOException {
    writeProgram(
        "zookeeper",
        resource("zookeeper.sh")
            .replace("@TEMPORARY@", home.temporary().toString())
            .replace("@OPTIONS@", home.run().resolve("jvm.options").toString())
            .replace("@JAVA@", JavaRuntime.java()));
  }

  private void writeProgram(String name, String text) throws IOException {
    Path program = home.programs().resolve(name);
    Files.writeString(program, text);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Starts a program in the namespace. */
  ChildProcess start(Daemon daemon, NetworkNamespace namespace) {
    List<String> command = new ArrayList<>();
    command.add(SHELL);
    command.add(home.run().resolve("supervise.sh").toString());
    command.add(home.run().toString());
    command.add(daemon.name());
    command.add(JavaRuntime.java());
    command.add("@" + home.run().resolve("jvm.options"));
    command.addAll(daemon.jvmOptions());
    command.addAll(cacheOptions(daemon));
    command.add(daemon.mainClass());
    command.addAll(daemon.arguments());
    return spawn(daemon.name(), command, namespace);
  }

  /** Of several programs of a kind one makes the cache. */
  private List<String> cacheOptions(Daemon daemon) {
    return runtime.recording() && !recorded.add(daemon.program())
        ? List.of()
        : runtime.cacheOptions(daemon.program());
  }

  /** Keeps a namespace that no program of ours is in. */
  ChildProcess hold(String name, NetworkNamespace namespace) {
    return spawn(name, List.of(SHELL, home.run().resolve("hold.sh").toString()), namespace);
  }

  private ChildProcess spawn(String name, List<String> command, NetworkNamespace namespace) {
    Stdio log = new Stdio.File(home.log(name).toString(), true);
    ProcessSpawner spawner =
        new ProcessSpawner(command)
            .environment(environment)
            .directory(home.folder().toString())
            .output(log)
            .error(log)
            .newSession(true);
    ChildProcess process = namespace.call(spawner::start);
    try {
      Files.writeString(holderFile(home, name), process.pid() + "\n");
    } catch (IOException failure) {
      throw new UncheckedIOException("writing to " + home.run(), failure);
    }
    return process;
  }

  /** Names the process that keeps a namespace: the supervisor, or the mere holder. */
  static Path holderFile(ClusterHome home, String name) {
    return home.run().resolve(name + ".holder");
  }

  private List<String> jvmOptions() {
    List<String> options = new ArrayList<>(JavaRuntime.OPTIONS);
    options.add("-XX:+ExitOnOutOfMemoryError");
    options.add("-Djava.io.tmpdir=" + home.temporary());
    options.addAll(JavaRuntime.moreOptions(environment));
    options.add("-cp");
    options.add(runtime.classpath());
    return options.stream().map(DaemonLauncher::quoted).toList();
  }

  /** As the java program reads a word of an argument file. */
  static String quoted(String word) {
    return "\"" + word.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  static String resource(String name) {
    try (InputStream stream =
        Objects.requireNonNull(DaemonLauncher.class.getResourceAsStream(name), name)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException("reading " + name, failure);
    }
  }

  /** What programs need of the user's environment, and nothing that would change their options. */
  private static Map<String, String> inherited(Map<String, String> environment, ClusterHome home) {
    Map<String, String> kept = new TreeMap<>();
    // Agents pass further options on to the programs of their Pods.
    for (String name :
        List.of("HOME", "LANG", "LC_ALL", "TZ", "TERM", "USER", JavaRuntime.MORE_OPTIONS)) {
      String value = environment.get(name);
      if (value != null) {
        kept.put(name, value);
      }
    }
    // Agents pass it on to their Pods.
    String path = environment.getOrDefault("PATH", DEFAULT_PATH);
    kept.put("PATH", home.programs() + ":" + path);
    kept.put(MARKER, home.folder().toString());
    // Each of glibc's arenas holds on to what it once had; the heap is not in them.
    kept.put("MALLOC_ARENA_MAX", "2");
    return kept;
  }
}
