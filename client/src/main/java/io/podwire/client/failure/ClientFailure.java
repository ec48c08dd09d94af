package io.podwire.client.failure;

import org.jspecify.annotations.Nullable;

/** A call that could not do its work; the message is all that the user needs to see. */
public class ClientFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A failure of its own. */
  public ClientFailure(String message) {
    this(message, null);
  }

  /** A failure caused by another. */
  public ClientFailure(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  @Override
  public String getMessage() {
    String message = super.getMessage();
    return message == null ? "failed" : message;
  }
}
