package io.podwire.packet.carry;

import io.podwire.packet.Octets;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * One message: the length of what follows (32 bits, network order), the stream (32 bits), the
 * kind's octet, the payload.
 *
 * <p>Streams that the Pod begins, accepted connections, have the highest bit set; others are
 * numbered by the other side. Each side may send {@link #WINDOW} octets of DATA for a stream beyond
 * what the other has credited. Immutable.
 *
 * @param payload at most {@link #MAX_PAYLOAD} octets
 */
public record CarryFrame(int stream, CarryKind kind, Octets payload) {
  /** Octets of DATA that may be under way in one direction of a stream. */
  public static final int WINDOW = 256 * 1024;

  /** The longest payload: that of a datagram with its address. */
  public static final int MAX_PAYLOAD = 66 * 1024;

  /** Set in the numbers of streams that begin in the Pod. */
  public static final int FROM_POD = 1 << 31;

  /** The octets of the length that each message begins with. */
  public static final int LENGTH_OCTETS = 4;

  private static final int HEADER = 5;
  private static final int STREAM = 0;
  private static final int KIND = 4;

  /** Refuses a payload that is too long. */
  public CarryFrame {
    Objects.requireNonNull(kind);
    if (payload.length() > MAX_PAYLOAD) {
      throw new IllegalArgumentException(
          "payload of " + payload.length() + " octets; at most " + MAX_PAYLOAD);
    }
  }

  /** A message whose payload is text. */
  public static CarryFrame of(int stream, CarryKind kind, String text) {
    return new CarryFrame(
        stream, kind, Octets.of(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** A message without payload. */
  public static CarryFrame of(int stream, CarryKind kind) {
    return new CarryFrame(stream, kind, Octets.EMPTY);
  }

  /** A stretch of a TCP stream. */
  public static CarryFrame data(int stream, byte[] bytes, int length) {
    return new CarryFrame(
        stream, CarryKind.DATA, Octets.copyOf(ByteBuffer.wrap(bytes), 0, length));
  }

  /** The payload as text. */
  public String text() {
    return new String(payload.toBytes(), StandardCharsets.UTF_8);
  }

  /** The message as it is sent. */
  public byte[] encode() {
    ByteBuffer buffer = ByteBuffer.allocate(LENGTH_OCTETS + HEADER + payload.length());
    buffer.putInt(HEADER + payload.length()).putInt(stream).put((byte) kind.code());
    payload.emit(buffer, LENGTH_OCTETS + HEADER);
    return buffer.array();
  }

  /**
   * Reads what follows a length.
   *
   * @throws IllegalArgumentException where that is no message
   */
  public static CarryFrame decode(byte[] message) {
    if (message.length < HEADER) {
      throw new IllegalArgumentException("message of " + message.length + " octets");
    }
    ByteBuffer buffer = ByteBuffer.wrap(message);
    int code = Byte.toUnsignedInt(buffer.get(KIND));
    CarryKind kind =
        CarryKind.of(code)
            .orElseThrow(() -> new IllegalArgumentException("unknown message " + code));
    return new CarryFrame(
        buffer.getInt(STREAM), kind, Octets.copyOf(buffer, HEADER, message.length - HEADER));
  }

  /**
   * Checks a length that was read.
   *
   * @throws IllegalArgumentException where no message is so long
   */
  public static int checkedLength(int length) {
    if (length < HEADER || length > HEADER + MAX_PAYLOAD) {
      throw new IllegalArgumentException("a message of " + length + " octets is announced");
    }
    return length;
  }
}
