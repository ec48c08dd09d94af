package io.podwire.packet.addr;

/** A 24-bit VXLAN network identifier (RFC 7348, section 4). */
public record Vni(int value) {

  public static final int MAX = 0xff_ffff;

  public Vni {
    if (value < 0 || value > MAX) {
      throw new IllegalArgumentException("VNI must be 0-" + MAX + ", got " + value);
    }
  }

  @Override
  public String toString() {
    return Integer.toString(value);
  }
}
