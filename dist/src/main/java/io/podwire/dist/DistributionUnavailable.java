package io.podwire.dist;

import org.jspecify.annotations.Nullable;

/** Podwire's programs cannot be had; the message says why and what to do. */
public final class DistributionUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1;

  DistributionUnavailable(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
