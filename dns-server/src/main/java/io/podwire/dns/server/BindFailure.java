package io.podwire.dns.server;

import java.net.InetSocketAddress;

/** An address that could not be listened on. */
public final class BindFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  public BindFailure(String protocol, InetSocketAddress address, Throwable cause) {
    super(
        "cannot listen on "
            + address.getHostString()
            + ":"
            + address.getPort()
            + " over "
            + protocol
            + ": "
            + cause.getMessage(),
        cause);
  }
}
