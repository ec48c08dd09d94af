package io.podwire.packet;

import java.nio.ByteBuffer;

/** A VXLAN header and the Ethernet frame behind it (RFC 7348, section 5). */
public final class VxlanView extends View {

  public static final int HEADER_LENGTH = 8;

  /** IANA's UDP port. */
  public static final int PORT = 4789;

  /** The port that Flannel and Linux used before. */
  public static final int LEGACY_PORT = 8472;

  /** The I flag: the VNI is valid. */
  public static final int VNI_PRESENT = 0x08;

  private static final int FLAGS = 0;
  private static final int VNI = 4;

  public VxlanView wrap(ByteBuffer buffer, int offset, int length) {
    put(buffer, offset, length);
    return this;
  }

  /** Whether the header is whole and has a VNI; reserved bits are ignored. */
  public Defect check() {
    if (!holds(HEADER_LENGTH)) {
      return Defect.TRUNCATED;
    }
    return (flags() & VNI_PRESENT) == 0 ? Defect.BAD_FLAGS : Defect.NONE;
  }

  public int flags() {
    return u8(FLAGS);
  }

  public int vni() {
    return i32(VNI) >>> 8;
  }

  public int payloadOffset() {
    return offset + HEADER_LENGTH;
  }

  public int payloadLength() {
    return length - HEADER_LENGTH;
  }

  /** Writes the whole header: the I flag, this VNI, and zeros in what is reserved. */
  public VxlanView set(int vni) {
    put32(FLAGS, VNI_PRESENT << 24);
    put32(VNI, vni << 8);
    return this;
  }
}
