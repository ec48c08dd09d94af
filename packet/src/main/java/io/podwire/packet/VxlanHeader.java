package io.podwire.packet;

import io.podwire.packet.addr.Vni;
import java.nio.ByteBuffer;

/** A VXLAN header (RFC 7348), as a value; what is reserved is ignored and written as zeros. */
public record VxlanHeader(Vni vni) {

  /** Takes the value out of a checked view. */
  public static VxlanHeader parse(VxlanView view) {
    return new VxlanHeader(new Vni(view.vni()));
  }

  /** Writes the header and returns its length. */
  public int emit(ByteBuffer buffer, int offset) {
    new VxlanView().wrap(buffer, offset, VxlanView.HEADER_LENGTH).set(vni.value());
    return VxlanView.HEADER_LENGTH;
  }
}
