package io.podwire.linux;

import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The attributes of a netlink reply by type; unknown ones are kept and not looked at. */
final class NetlinkAttributes {

  private static final int TYPE_MASK = 0x3fff;
  private static final int HEADER_LENGTH = 4;

  private final Map<Integer, byte[]> values = new HashMap<>();

  /** Reads what remains of the buffer; stops at the first attribute that does not fit. */
  NetlinkAttributes(ByteBuffer buffer) {
    ByteBuffer rest = buffer.slice().order(ByteOrder.nativeOrder());
    while (rest.remaining() >= HEADER_LENGTH) {
      int start = rest.position();
      int length = rest.getShort() & 0xffff;
      int type = rest.getShort() & TYPE_MASK;
      if (length < HEADER_LENGTH || length - HEADER_LENGTH > rest.remaining()) {
        return;
      }
      byte[] value = new byte[length - HEADER_LENGTH];
      rest.get(value);
      values.putIfAbsent(type, value);
      rest.position(Math.min(rest.limit(), start + (length + 3 & ~3)));
    }
  }

  Optional<String> text(int type) {
    return value(type)
        .map(bytes -> {
          int end = 0;
          while (end < bytes.length && bytes[end] != 0) {
            end++;
          }
          return new String(bytes, 0, end, StandardCharsets.UTF_8);
        });
  }

  int int32(int type, int absent) {
    return value(type)
        .filter(bytes -> bytes.length >= 4)
        .map(bytes -> ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getInt())
        .orElse(absent);
  }

  int int8(int type, int absent) {
    return value(type)
        .filter(bytes -> bytes.length >= 1)
        .map(bytes -> bytes[0] & 0xff)
        .orElse(absent);
  }

  Optional<IpAddress> address(int type) {
    return value(type).filter(bytes -> bytes.length == 4 || bytes.length == 16).map(IpAddress::of);
  }

  Optional<MacAddress> mac(int type) {
    return value(type).filter(bytes -> bytes.length == 6).map(NetlinkAttributes::mac);
  }

  private static MacAddress mac(byte[] octets) {
    long bits = 0;
    for (byte octet : octets) {
      bits = bits << 8 | (octet & 0xff);
    }
    return new MacAddress(bits);
  }

  Optional<NetlinkAttributes> nested(int type) {
    return value(type).map(bytes -> new NetlinkAttributes(ByteBuffer.wrap(bytes)));
  }

  private Optional<byte[]> value(int type) {
    return Optional.ofNullable(values.get(type));
  }
}
