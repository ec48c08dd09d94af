package io.podwire.packet.dns;

import org.jspecify.annotations.Nullable;

/** What {@link DnsCodec#decode} makes of octets. */
public sealed interface Decoded {

  /** A whole message. */
  record Valid(DnsMessage message) implements Decoded {}

  /**
   * No message.
   *
   * @param header null where not even the header was whole
   */
  record Malformed(DnsDefect defect, @Nullable DnsHeader header) implements Decoded {}
}
