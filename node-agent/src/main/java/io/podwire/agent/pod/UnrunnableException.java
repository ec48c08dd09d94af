package io.podwire.agent.pod;

/** A container that cannot be started as its manifest stands; a restart will not help. */
final class UnrunnableException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final String reason;

  UnrunnableException(String reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** A CamelCase word for the container's status. */
  String reason() {
    return reason;
  }
}
