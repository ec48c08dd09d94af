package io.podwire.dns.plugin;

/** A part of the server could not be made or started; the message says which, and why. */
public final class PluginFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public PluginFailure(String message) {
    super(message);
  }

  public PluginFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
