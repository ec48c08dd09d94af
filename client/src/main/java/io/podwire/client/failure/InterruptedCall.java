package io.podwire.client.failure;

/** The calling thread was interrupted while it waited; its interrupt flag is set again. */
public final class InterruptedCall extends ClientFailure {
  private static final long serialVersionUID = 1L;

  /** Sets the thread's flag. */
  public InterruptedCall(InterruptedException cause) {
    super("interrupted", cause);
    Thread.currentThread().interrupt();
  }
}
