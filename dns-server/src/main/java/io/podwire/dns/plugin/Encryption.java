package io.podwire.dns.plugin;

import io.netty.handler.ssl.SslContext;

/** A part that has the certificate of its block's encrypted listeners. */
public interface Encryption {
  SslContext context();
}
