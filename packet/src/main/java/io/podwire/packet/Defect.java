package io.podwire.packet;

/**
 * What a view's {@code check()} found wrong with the bytes under it.
 *
 * <p>Malformed packets are values to be counted by reason, never exceptions.
 */
public enum Defect {
  /** The bytes are well formed: no accessor of the view throws. */
  NONE,
  /** Fewer bytes than the header needs or says it has. */
  TRUNCATED,
  BAD_VERSION,
  BAD_HEADER_LENGTH,
  BAD_TOTAL_LENGTH,
  BAD_CHECKSUM,
  /** A combination of flags that no sender may use. */
  BAD_FLAGS,
  /** An option whose length is impossible. */
  BAD_OPTION,
  /** A field with a value that this protocol does not allow. */
  BAD_FIELD
}
