package io.podwire.bench.program;

import io.podwire.linux.ChildProcess;
import io.podwire.linux.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A program that a {@link Workbench} started. Thread-safe. */
public final class RunningProgram implements AutoCloseable {
  private static final Duration END = Duration.ofSeconds(3);
  private static final long LOOK_NANOS = 2_000_000;

  private final Consumer<RunningProgram> whenClosed;
  private final List<String> command;
  private final ChildProcess process;
  private final Path out;
  private final Path err;

  RunningProgram(
      Consumer<RunningProgram> whenClosed,
      List<String> command,
      ChildProcess process,
      Path out,
      Path err) {
    this.whenClosed = whenClosed;
    this.command = List.copyOf(command);
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** Whether it has not ended yet. */
  public boolean isRunning() {
    return process.isRunning();
  }

  /** Waits until it has ended well and says what it printed. */
  public String await(Duration patience) {
    OptionalInt code = end(patience);
    if (process.isRunning()) {
      throw new BenchFailure(
          String.join(" ", command) + " does not end within " + patience.toSeconds() + " s");
    }
    if (code.orElse(0) != 0) {
      throw new BenchFailure(failed("ended with exit code " + code.orElse(0)));
    }
    return text(out);
  }

  /** Waits until it has come so far; one that ends before is a failure. */
  public void awaitState(String what, Duration patience, BooleanSupplier reached) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!reached.getAsBoolean()) {
      if (!process.isRunning()) {
        throw new BenchFailure(failed("ended before it " + what));
      }
      if (System.nanoTime() > deadline) {
        throw new BenchFailure(
            failed("has not " + what + " within " + patience.toSeconds() + " s"));
      }
      // The kernel tells nobody that a socket listens: it has to be looked at.
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  private String failed(String what) {
    String said = (text(err) + text(out)).strip();
    String tail = said.substring(Math.max(0, said.length() - 600));
    return String.join(" ", command) + " " + what + (tail.isEmpty() ? "" : ": " + tail);
  }

  private OptionalInt end(Duration patience) {
    try {
      return process.exit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      return OptionalInt.empty();
    } catch (ExecutionException failure) {
      throw new BenchFailure("waiting for " + command.getFirst(), failure);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new BenchFailure("interrupted", stopped);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException unreadable) {
      return "";
    }
  }

  /** Ends it, first by asking, then by force, and waits for its end. */
  @Override
  public void close() {
    if (process.signal(Signal.TERM) && end(END).isEmpty() && process.signal(Signal.KILL)) {
      end(END);
    }
    whenClosed.accept(this);
  }
}
