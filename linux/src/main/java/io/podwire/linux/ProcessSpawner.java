package io.podwire.linux;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Describes a program and starts it in the namespaces of the calling thread.
 *
 * <p>It begins with an empty signal mask, default signal actions and no descriptor but the three
 * standard ones. Not thread-safe; for one start.
 */
public final class ProcessSpawner {

  private static final String DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin";

  private final List<String> command;
  private Map<String, String> environment = Map.of();
  private @Nullable String directory;
  private Stdio input = Stdio.NULL;
  private Stdio output = Stdio.NULL;
  private Stdio error = Stdio.NULL;
  private boolean session;

  /** The program, by path or by name to be found in the environment's PATH, and its arguments. */
  public ProcessSpawner(List<String> command) {
    if (command.isEmpty()) {
      throw new IllegalArgumentException("command is empty; name a program");
    }
    this.command = List.copyOf(command);
  }

  /** All that it gets; nothing is inherited. */
  public ProcessSpawner environment(Map<String, String> variables) {
    environment = Map.copyOf(variables);
    return this;
  }

  /** Where it starts; the default is this process' own working directory. */
  public ProcessSpawner directory(String path) {
    directory = path;
    return this;
  }

  public ProcessSpawner input(Stdio stdin) {
    input = stdin;
    return this;
  }

  public ProcessSpawner output(Stdio stdout) {
    output = stdout;
    return this;
  }

  public ProcessSpawner error(Stdio stderr) {
    error = stderr;
    return this;
  }

  /** Whether it leads a session of its own, away from this one's terminal and signals. */
  public ProcessSpawner newSession(boolean own) {
    session = own;
    return this;
  }

  /** All three streams are this terminal, which becomes the controlling one of a new session. */
  public ProcessSpawner terminal(Pty pty) {
    Stdio terminal = new Stdio.File(pty.path(), false);
    return input(terminal).output(terminal).error(terminal).newSession(true);
  }

  /**
   * Starts it; a program that is not there is a {@link LinuxException} that says where it looked.
   */
  public ChildProcess start() {
    if (directory != null && !Files.isDirectory(Path.of(directory))) {
      throw new LinuxException("start", Errno.ENOENT, "working directory " + directory);
    }
    String program = locate(command.getFirst(), environment);
    List<String> variables = new ArrayList<>();
    environment.forEach((name, value) -> variables.add(name + "=" + value));
    try (PosixSpawn spawn = new PosixSpawn()) {
      apply(spawn, input, Descriptor.O_RDONLY, 0);
      apply(spawn, output, Descriptor.O_WRONLY | Descriptor.O_CREAT, 1);
      apply(spawn, error, Descriptor.O_WRONLY | Descriptor.O_CREAT, 2);
      if (directory != null) {
        spawn.directory(directory);
      }
      return ChildProcess.ofChild(spawn.start(program, command, variables, session));
    }
  }

  private static void apply(PosixSpawn spawn, Stdio stream, int flags, int target) {
    switch (stream) {
      case Stdio.Inherited inherited -> spawn.duplicate(inherited.descriptor(), target);
      case Stdio.File file ->
          spawn.open(file.path(), file.append() ? flags | Descriptor.O_APPEND : flags, target);
    }
  }

  /** The program's path, found as a shell would with this environment. */
  public static String locate(String program, Map<String, String> environment) {
    if (program.contains("/")) {
      if (isProgram(Path.of(program))) {
        return program;
      }
      throw new LinuxException("start", missing(Path.of(program)), "program " + program, "");
    }
    String path = environment.getOrDefault("PATH", DEFAULT_PATH);
    Optional<String> found =
        path.lines()
            .flatMap(line -> List.of(line.split(":")).stream())
            .filter(folder -> !folder.isEmpty())
            .map(folder -> folder + "/" + program)
            .filter(candidate -> isProgram(Path.of(candidate)))
            .findFirst();
    return found.orElseThrow(() ->
        new LinuxException(
            "start",
            Errno.ENOENT,
            "program '" + program + "'",
            "not found in PATH " + path + "; install it or give its full path"));
  }

  private static boolean isProgram(Path path) {
    return Files.isRegularFile(path) && Files.isExecutable(path);
  }

  private static int missing(Path path) {
    return Files.exists(path) ? Errno.EACCES : Errno.ENOENT;
  }
}
