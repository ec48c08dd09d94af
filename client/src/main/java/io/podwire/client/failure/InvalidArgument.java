package io.podwire.client.failure;

import org.jspecify.annotations.Nullable;

/** A text of the caller's that names nothing; the message says what would. */
public final class InvalidArgument extends ClientFailure {
  private static final long serialVersionUID = 1L;

  /** Names the argument, its value and the fix. */
  public InvalidArgument(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
