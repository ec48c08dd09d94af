package io.podwire.client.api;

import io.podwire.client.failure.ClientFailure;
import java.util.List;

/** A request that the control plane refused; the message has one line per problem. */
public final class ApiRefusal extends ClientFailure {
  private static final long serialVersionUID = 1L;

  private final transient ApiStatus status;

  /** A refusal for the reasons in the status. */
  public ApiRefusal(ApiStatus status) {
    super(text(status));
    this.status = status;
  }

  /** The server's reasons. */
  public ApiStatus status() {
    return status;
  }

  /** Whether the object asked for does not exist. */
  public boolean notFound() {
    return status.code() == 404;
  }

  private static String text(ApiStatus status) {
    List<ApiStatus.Cause> causes = status.causes();
    if (causes.size() == 1) {
      return causes.get(0).message();
    }
    StringBuilder lines = new StringBuilder(status.message());
    causes.forEach(cause -> lines.append("\n  ").append(cause.message()));
    return lines.toString();
  }
}
