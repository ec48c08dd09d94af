package io.podwire.testkit.cluster;

import org.jspecify.annotations.Nullable;

/** A cluster cannot be had or used as asked for; the message is all that a user needs. */
public final class ClusterFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A failure of its own. */
  public ClusterFailure(String message) {
    this(message, null);
  }

  /** A failure caused by another. */
  public ClusterFailure(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
