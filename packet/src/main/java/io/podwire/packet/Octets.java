package io.podwire.packet;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A sequence of octets as a value: what a message carries without looking inside.
 *
 * <p>Immutable and thread-safe.
 */
public final class Octets {

  public static final Octets EMPTY = new Octets(new byte[0]);

  private final byte[] bytes;

  private Octets(byte[] bytes) {
    this.bytes = bytes;
  }

  public static Octets of(byte... bytes) {
    return bytes.length == 0 ? EMPTY : new Octets(bytes.clone());
  }

  /** Parses hexadecimal digits without separators. */
  public static Octets ofHex(String digits) {
    return of(HexFormat.of().parseHex(digits));
  }

  public static Octets copyOf(ByteBuffer buffer, int offset, int length) {
    if (length <= 0) {
      return EMPTY;
    }
    byte[] copy = new byte[length];
    buffer.get(offset, copy);
    return new Octets(copy);
  }

  public int length() {
    return bytes.length;
  }

  public byte[] toBytes() {
    return bytes.clone();
  }

  /** Writes the octets at this place. */
  public void emit(ByteBuffer buffer, int offset) {
    buffer.put(offset, bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Octets that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
