package io.podwire.controlplane.api;

/** An address that the API was told to listen on and cannot. */
public final class BindException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BindException(String address, Throwable cause) {
    super("cannot listen on " + address + ": " + cause.getMessage(), cause);
  }

  BindException(String message) {
    super(message);
  }
}
