package io.podwire.bench.program;

import io.podwire.linux.ChildProcess;
import io.podwire.linux.NetworkNamespace;
import io.podwire.linux.ProcessSpawner;
import io.podwire.linux.Stdio;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Where a benchmark's programs run: a temporary folder for their files, and the duty to remove
 * everything in the reverse order of its making, after success, failure and Ctrl-C alike.
 *
 * <p>Thread-safe.
 */
public final class Workbench implements AutoCloseable {
  private final Path folder;
  // Held while things are removed: whoever ends the JVM meanwhile has to wait for that.
  private final Object removal = new Object();
  // Guarded by this.
  private final Deque<AutoCloseable> made = new ArrayDeque<>();
  private boolean closed;
  private int programs;

  /** A workbench with a new folder of its own. */
  public Workbench() {
    try {
      // Short: sockets lie in it, and their paths are limited to 107 octets (unix(7)).
      folder = Files.createTempDirectory(Path.of("/tmp"), "pwbench");
    } catch (IOException failure) {
      throw new UncheckedIOException("creating a temporary folder", failure);
    }
  }

  /** A new folder, removed with all others. */
  public Path folder(String name) {
    try {
      return Files.createDirectories(folder.resolve(name));
    } catch (IOException failure) {
      throw new UncheckedIOException("creating a temporary folder", failure);
    }
  }

  /** Has it closed with everything else; at once where that has happened already. */
  public <T extends AutoCloseable> T keep(T thing) {
    synchronized (this) {
      if (!closed) {
        made.push(thing);
        return thing;
      }
    }
    close(thing);
    throw new BenchFailure("interrupted");
  }

  /** A new namespace. */
  public NetworkNamespace namespace() {
    return keep(NetworkNamespace.create());
  }

  /** Starts a program with more variables in its environment. */
  public RunningProgram start(
      NetworkNamespace namespace, List<String> command, Map<String, String> variables) {
    Path outputs = folder("programs");
    int number = next();
    Path out = outputs.resolve(number + ".out");
    Path err = outputs.resolve(number + ".err");
    Map<String, String> environment = new HashMap<>(Tool.ENVIRONMENT);
    environment.putAll(variables);
    ProcessSpawner spawner =
        new ProcessSpawner(command)
            .environment(environment)
            .directory(folder.toString())
            .output(new Stdio.File(out.toString(), false))
            .error(new Stdio.File(err.toString(), false))
            .newSession(true);
    ChildProcess process = namespace.call(spawner::start);
    return keep(new RunningProgram(this::forget, command, process, out, err));
  }

  /** Starts a program. */
  public RunningProgram start(NetworkNamespace namespace, List<String> command) {
    return start(namespace, command, Map.of());
  }

  /** Runs a program to its end; one that fails or takes longer is a {@link BenchFailure}. */
  public String run(NetworkNamespace namespace, List<String> command, Duration patience) {
    try (RunningProgram program = start(namespace, command)) {
      return program.await(patience);
    }
  }

  /** Whether everything is being removed already. */
  public synchronized boolean isClosed() {
    return closed;
  }

  private synchronized int next() {
    return ++programs;
  }

  private synchronized void forget(RunningProgram program) {
    made.remove(program);
  }

  /** Returns when everything is gone, also where another thread has begun to remove it. */
  @Override
  public void close() {
    synchronized (removal) {
      closeAll();
    }
  }

  private void closeAll() {
    while (true) {
      AutoCloseable next;
      synchronized (this) {
        closed = true;
        next = made.poll();
      }
      if (next == null) {
        break;
      }
      close(next);
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException gone) {
      // The folder is temporary: whoever took it away did this work.
    }
  }

  @SuppressWarnings("CatchAndPrintStackTrace") // what follows has to be removed all the same
  private static void close(AutoCloseable thing) {
    try {
      thing.close();
    } catch (Exception failure) {
      failure.printStackTrace();
    }
  }
}
