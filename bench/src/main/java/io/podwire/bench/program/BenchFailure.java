package io.podwire.bench.program;

import org.jspecify.annotations.Nullable;

/** Something that is installed could not be measured; the message says what and why. */
public final class BenchFailure extends RuntimeException {

  /** A failure that nothing else caused. */
  public BenchFailure(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public BenchFailure(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
