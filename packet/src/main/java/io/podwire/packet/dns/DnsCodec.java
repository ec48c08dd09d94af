package io.podwire.packet.dns;

import java.nio.ByteBuffer;

/** Encodes and decodes DNS messages (RFC 1035, section 4); stateless and thread-safe. */
public final class DnsCodec {

  /** The largest message, which is what TCP's length field can say. */
  public static final int MAX_MESSAGE = 0xffff;

  /** The largest message over UDP without EDNS (RFC 1035, section 2.3.4). */
  public static final int MAX_PLAIN_UDP = 512;

  private DnsCodec() {}

  /** Reads the octets from position to limit and moves neither; never throws on their content. */
  public static Decoded decode(ByteBuffer buffer) {
    return new MessageReader(buffer.slice()).message();
  }

  /**
   * Writes a message with compressed names.
   *
   * <p>What does not fit is left out by whole records from the end on, and TC is set; an OPT record
   * is always kept.
   *
   * @param maxSize 512 to 65535 octets
   * @return a new buffer, from position to limit
   */
  public static ByteBuffer encode(DnsMessage message, int maxSize) {
    if (maxSize < MAX_PLAIN_UDP || maxSize > MAX_MESSAGE) {
      throw new IllegalArgumentException("maxSize must be 512-65535, got " + maxSize);
    }
    return new MessageWriter(maxSize).write(message);
  }
}
