package io.podwire.packet;

/** Refuses values that a header's field has no room for. */
final class FieldRange {

  private FieldRange() {}

  /** Throws unless the value fits into this many bits. */
  static void require(String field, int value, int bits) {
    int max = (1 << bits) - 1;
    if (value < 0 || value > max) {
      throw new IllegalArgumentException(field + " must be 0-" + max + ", got " + value);
    }
  }
}
