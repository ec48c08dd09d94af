package io.podwire.controlplane.kind;

/** A body that is no YAML or JSON at all; the message says where and what to do. */
public final class MalformedManifestException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public MalformedManifestException(String message) {
    super(message);
  }
}
