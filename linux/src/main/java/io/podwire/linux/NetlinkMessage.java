package io.podwire.linux;

import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * One rtnetlink request being written: header, family header, attributes (netlink(7)).
 *
 * <p>Numbers are in the machine's order unless an attribute says otherwise.
 */
final class NetlinkMessage {

  static final int HEADER_LENGTH = 16;

  static final int REQUEST = 0x1;
  static final int ACK = 0x4;
  static final int DUMP = 0x300;
  static final int REPLACE = 0x100;
  static final int EXCLUSIVE = 0x200;
  static final int CREATE = 0x400;
  static final int APPEND = 0x800;

  private static final int LENGTH_OFFSET = 0;
  private static final int SEQUENCE_OFFSET = 8;
  private static final int ATTRIBUTE_HEADER_LENGTH = 4;
  private static final int NESTED = 0x8000;
  private static final int ALIGNMENT = 4;
  private static final int CAPACITY = 1024;

  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(CAPACITY).order(ByteOrder.nativeOrder());

  NetlinkMessage(int type, int flags) {
    buffer.putInt(0).putShort((short) type).putShort((short) (flags | REQUEST)).putInt(0).putInt(0);
  }

  NetlinkMessage int8(int value) {
    buffer.put((byte) value);
    return this;
  }

  NetlinkMessage int16(int value) {
    buffer.putShort((short) value);
    return this;
  }

  NetlinkMessage int32(int value) {
    buffer.putInt(value);
    return this;
  }

  NetlinkMessage attribute(int type, byte[] value) {
    buffer.putShort((short) (ATTRIBUTE_HEADER_LENGTH + value.length)).putShort((short) type);
    buffer.put(value);
    return pad();
  }

  NetlinkMessage attribute8(int type, int value) {
    return attribute(type, new byte[] {(byte) value});
  }

  NetlinkMessage attribute32(int type, int value) {
    return attribute(
        type, ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(value).array());
  }

  /** A port in network order. */
  NetlinkMessage attributePort(int type, int port) {
    return attribute(type, ByteBuffer.allocate(2).putShort((short) port).array());
  }

  /** A NUL-terminated string. */
  NetlinkMessage attribute(int type, String text) {
    return attribute(type, (text + '\0').getBytes(StandardCharsets.UTF_8));
  }

  NetlinkMessage attribute(int type, IpAddress address) {
    return attribute(type, address.toBytes());
  }

  NetlinkMessage attribute(int type, MacAddress mac) {
    byte[] octets = new byte[6];
    for (int i = 0; i < octets.length; i++) {
      octets[i] = (byte) (mac.value() >>> (40 - 8 * i));
    }
    return attribute(type, octets);
  }

  NetlinkMessage nested(int type, Consumer<NetlinkMessage> content) {
    return enclosed(type | NESTED, content);
  }

  /** An enclosing attribute without the nested flag, as older link kinds expect. */
  NetlinkMessage enclosed(int type, Consumer<NetlinkMessage> content) {
    int start = buffer.position();
    buffer.putShort((short) 0).putShort((short) type);
    content.accept(this);
    buffer.putShort(start, (short) (buffer.position() - start));
    return this;
  }

  private NetlinkMessage pad() {
    while (buffer.position() % ALIGNMENT != 0) {
      buffer.put((byte) 0);
    }
    return this;
  }

  /** The finished bytes; the message can be finished again with another number. */
  ByteBuffer finish(int sequence) {
    buffer.putInt(LENGTH_OFFSET, buffer.position());
    buffer.putInt(SEQUENCE_OFFSET, sequence);
    return buffer.duplicate().order(ByteOrder.nativeOrder()).flip();
  }
}
