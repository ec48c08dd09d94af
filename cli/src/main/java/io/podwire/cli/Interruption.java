package io.podwire.cli;

import io.podwire.cli.outcome.ExitCode;
import java.util.OptionalInt;
import sun.misc.Signal;

/**
 * Ctrl-C or a termination of something that has to be ended in order; a second one ends at once.
 *
 * <p>Thread-safe.
 */
final class Interruption {
  // What a shell reports of a program that a signal has ended.
  private static final int BY_SIGNAL = ExitCode.INTERRUPTED - new Signal("INT").getNumber();

  private volatile int signal;

  /** From now on. */
  void listen(Runnable first) {
    for (String name : new String[] {"INT", "TERM"}) {
      Signal.handle(
          new Signal(name),
          received -> {
            if (signal != 0) {
              Runtime.getRuntime().exit(BY_SIGNAL + received.getNumber());
            }
            signal = received.getNumber();
            first.run();
          });
    }
  }

  /** The exit code that tells of it; empty where there was none. */
  OptionalInt exitCode() {
    return signal == 0 ? OptionalInt.empty() : OptionalInt.of(BY_SIGNAL + signal);
  }
}
