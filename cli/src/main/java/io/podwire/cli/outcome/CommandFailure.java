package io.podwire.cli.outcome;

import io.podwire.client.failure.ClientFailure;
import org.jspecify.annotations.Nullable;

/** A command that could not do its work; the message is all that the user needs to see. */
public class CommandFailure extends ClientFailure {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  /** A failure with exit code 1. */
  public CommandFailure(String message) {
    this(message, ExitCode.FAILED, null);
  }

  /** A failure with exit code 1, caused by another. */
  public CommandFailure(String message, @Nullable Throwable cause) {
    this(message, ExitCode.FAILED, cause);
  }

  /** A failure with an exit code of its own. */
  public CommandFailure(String message, int exitCode, @Nullable Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** What the process exits with. */
  public int exitCode() {
    return exitCode;
  }
}
