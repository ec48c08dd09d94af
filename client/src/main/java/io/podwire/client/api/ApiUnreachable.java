package io.podwire.client.api;

import io.podwire.client.failure.ClientFailure;
import org.jspecify.annotations.Nullable;

/** No control plane answers at the address. */
public final class ApiUnreachable extends ClientFailure {
  private static final long serialVersionUID = 1L;

  /** Names the address and what to do about it. */
  public ApiUnreachable(ApiAddress address, @Nullable Throwable cause) {
    super(
        "no control plane answers at "
            + address.text()
            + reason(cause)
            + (address instanceof ApiAddress.Unix
                ? ": start a cluster with 'podwire up', or name another with --name or --server"
                : ": check --server"),
        cause);
  }

  private static String reason(@Nullable Throwable cause) {
    if (cause == null || cause.getMessage() == null) {
      return "";
    }
    // Netty appends the address once more after a colon.
    String message = cause.getMessage();
    int colon = message.indexOf(": ");
    return " (" + (colon < 0 ? message : message.substring(0, colon)) + ")";
  }
}
