package io.podwire.agent.api;

import io.podwire.agent.pod.ContainerProgram;
import io.podwire.agent.pod.LocalPod;
import io.podwire.agent.pod.PodFleet;
import io.podwire.agent.pod.PodSandbox;
import io.podwire.cluster.model.Container;
import io.podwire.cluster.model.ObjectName;
import io.podwire.linux.ChildProcess;
import io.podwire.linux.DescriptorStream;
import io.podwire.linux.Pipe;
import io.podwire.linux.ProcessSpawner;
import io.podwire.linux.Pty;
import io.podwire.linux.Signal;
import io.podwire.linux.Stdio;
import io.podwire.proto.v1.ExecStart;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A program started in a Pod with its streams connected.
 *
 * <p>Input methods are for one thread; output is handed on by threads of their own.
 */
final class ExecProgram {

  /** Before the start: takes everything and does nothing. */
  static final ExecProgram NONE = new ExecProgram(null, null, null, null);

  // What a program left running in the background may still say after its own end.
  private static final int LAST_WORDS_SECONDS = 2;
  private static final int CHUNK = 32 * 1024;

  private final @Nullable ChildProcess process;
  private final @Nullable Pty pty;
  private final @Nullable Pipe input;
  private final @Nullable Pipe stop;
  private CompletableFuture<?> silent = CompletableFuture.completedFuture(true);

  private ExecProgram(
      @Nullable ChildProcess process,
      @Nullable Pty pty,
      @Nullable Pipe input,
      @Nullable Pipe stop) {
    this.process = process;
    this.pty = pty;
    this.input = input;
    this.stop = stop;
  }

  /** Takes a piece of output; false where nobody wants it any more. */
  interface Output {
    boolean take(byte[] bytes, int length, boolean error) throws InterruptedException;
  }

  /**
   * Starts it.
   *
   * @param exited told the exit code, after the last output
   * @throws RuntimeException whose message says why it cannot be started
   */
  static ExecProgram start(PodFleet fleet, ExecStart start, Output output, IntConsumer exited) {
    ObjectName key = new ObjectName(start.getNamespace(), start.getPod());
    LocalPod pod =
        fleet
            .find(key)
            .orElseThrow(() -> new IllegalStateException("pod " + key + " is not on this node"));
    if (pod.pod().spec().isAttached()) {
      throw new IllegalStateException(
          "pod "
              + key
              + " is a network namespace that another program has attached; run the command in"
              + " its container");
    }
    PodSandbox sandbox =
        pod.sandbox()
            .orElseThrow(() -> new IllegalStateException("pod " + key + " is not running"));
    Container container =
        pod.container(start.getContainer())
            .orElseThrow(() ->
                new IllegalStateException(
                    "container " + start.getContainer() + " is not in pod " + key));
    if (start.getCommandList().isEmpty()) {
      throw new IllegalArgumentException("command is empty; name a program");
    }
    ContainerProgram program = pod.program(container, start.getCommandList());
    return start.getTty()
        ? onTerminal(sandbox, program, output, exited)
        : onPipes(sandbox, program, start.getStdin(), output, exited);
  }

  private static ExecProgram onTerminal(
      PodSandbox sandbox, ContainerProgram program, Output output, IntConsumer exited) {
    Map<String, String> environment = new HashMap<>(program.environment());
    environment.putIfAbsent("TERM", "xterm");
    Pty pty = Pty.open();
    Pipe stop = Pipe.open();
    try {
      ChildProcess process =
          sandbox.start(() -> spawner(program, environment).terminal(pty).start());
      ExecProgram started = new ExecProgram(process, pty, null, stop);
      started.follow(
          List.of(started.pump("exec-terminal", pty.descriptor(), false, output, () -> {})),
          exited);
      return started;
    } catch (RuntimeException e) {
      pty.close();
      stop.close();
      throw e;
    }
  }

  private static ExecProgram onPipes(
      PodSandbox sandbox,
      ContainerProgram program,
      boolean withInput,
      Output output,
      IntConsumer exited) {
    Pipe input = withInput ? Pipe.open() : null;
    Pipe stdout = Pipe.open();
    Pipe stderr = Pipe.open();
    Pipe stop = Pipe.open();
    try {
      Stdio stdin = input == null ? Stdio.NULL : new Stdio.Inherited(input.readEnd().number());
      ChildProcess process =
          sandbox.start(() ->
              spawner(program, program.environment())
                  .input(stdin)
                  .output(new Stdio.Inherited(stdout.writeEnd().number()))
                  .error(new Stdio.Inherited(stderr.writeEnd().number()))
                  .newSession(true)
                  .start());
      if (input != null) {
        input.readEnd().close();
      }
      stdout.writeEnd().close();
      stderr.writeEnd().close();
      ExecProgram started = new ExecProgram(process, null, input, stop);
      List<CompletableFuture<?>> pumps = new ArrayList<>();
      pumps.add(
          started.pump("exec-stdout", stdout.readEnd().number(), false, output, stdout::close));
      pumps.add(
          started.pump("exec-stderr", stderr.readEnd().number(), true, output, stderr::close));
      started.follow(pumps, exited);
      return started;
    } catch (RuntimeException e) {
      for (Pipe pipe : new Pipe[] {stdout, stderr, stop}) {
        pipe.close();
      }
      if (input != null) {
        input.close();
      }
      throw e;
    }
  }

  private static ProcessSpawner spawner(ContainerProgram program, Map<String, String> environment) {
    return new ProcessSpawner(program.command())
        .environment(environment)
        .directory(program.directory().isEmpty() ? "/" : program.directory());
  }

  /** Hands output on until its end; completed then. */
  private CompletableFuture<?> pump(
      String name, int descriptor, boolean error, Output output, Runnable after) {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    int stopper = stop == null ? -1 : stop.readEnd().number();
    Thread.ofPlatform()
        .name(name)
        .daemon()
        .start(() -> {
          byte[] buffer = new byte[CHUNK];
          try (InputStream in = DescriptorStream.reading(descriptor, stopper)) {
            boolean wanted = true;
            for (int n = in.read(buffer); wanted && n >= 0; n = wanted ? in.read(buffer) : -1) {
              wanted = output.take(buffer, n, error);
            }
          } catch (IOException unreadable) {
            // As good as its end.
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } finally {
            after.run();
            done.complete(true);
          }
        });
    return done;
  }

  /** Tells the exit code once the program and its output have ended. */
  @SuppressWarnings("FutureReturnValueIgnored") // nothing follows from the last step
  private void follow(List<CompletableFuture<?>> pumps, IntConsumer exited) {
    ChildProcess running = process;
    if (running == null) {
      return;
    }
    silent = CompletableFuture.allOf(pumps.toArray(CompletableFuture[]::new));
    running
        .exit()
        .thenAcceptAsync(code ->
            silent
                .copy()
                .completeOnTimeout(null, LAST_WORDS_SECONDS, TimeUnit.SECONDS)
                .thenRun(() -> exited.accept(code.orElse(-1))));
  }

  /** Blocks while the program does not read; what it does not want any more is dropped. */
  void write(byte[] bytes) {
    int descriptor =
        pty != null ? pty.descriptor() : input != null ? input.writeEnd().number() : -1;
    if (descriptor >= 0) {
      try {
        DescriptorStream.writing(descriptor).write(bytes);
      } catch (IOException endedMeanwhile) {
        // Its exit code tells the rest.
      }
    }
  }

  /** A pipe ends; a terminal's program is sent the end-of-file character. */
  void endOfInput() {
    if (pty != null) {
      write(new byte[] {Pty.END_OF_FILE});
    } else if (input != null) {
      input.writeEnd().close();
    }
  }

  void resize(int columns, int rows) {
    if (pty != null) {
      pty.resize(columns, rows);
    }
  }

  void kill() {
    if (process != null) {
      process.signal(Signal.KILL);
    }
  }

  /** Closes our ends, which hangs a terminal up; the program, if it runs still, is left to it. */
  @SuppressWarnings("FutureReturnValueIgnored") // nothing follows from the last step
  void close() {
    if (input != null) {
      input.close();
    }
    if (stop != null) {
      stop.writeEnd().close();
    }
    // Not before nobody reads them any more: the numbers may be given to others at once.
    silent.thenRun(() -> {
      if (pty != null) {
        pty.close();
      }
      if (stop != null) {
        stop.close();
      }
    });
  }
}
