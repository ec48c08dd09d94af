package io.podwire.packet.pcap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;

/**
 * Writes Ethernet frames as a pcapng capture (IETF draft-ietf-opsawg-pcapng), big-endian.
 *
 * <p>Blocks are written whole, one write each, so that a reader may follow a growing file. Times
 * are nanoseconds since 1970. Not thread-safe.
 */
public final class PcapngWriter {

  private static final int SECTION_HEADER = 0x0a0d0d0a;
  private static final int INTERFACE_DESCRIPTION = 1;
  private static final int ENHANCED_PACKET = 6;

  private static final int BYTE_ORDER_MAGIC = 0x1a2b3c4d;
  private static final int VERSION_MAJOR = 1;
  private static final int VERSION_MINOR = 0;
  private static final long UNKNOWN_SECTION_LENGTH = -1;
  private static final int LINK_TYPE_ETHERNET = 1;

  private static final int OPTION_END = 0;
  private static final int OPTION_COMMENT = 1;
  private static final int OPTION_USER_APPLICATION = 4;
  private static final int OPTION_INTERFACE_NAME = 2;
  private static final int OPTION_TIME_RESOLUTION = 9;
  private static final byte NANOSECONDS = 9;

  private static final int MAX_OPTION = 0xffff;

  /** Block type, its length before and after, an option's head, padding and the end option. */
  private static final int BLOCK_OVERHEAD = 64;

  private final WritableByteChannel out;
  private ByteBuffer block = ByteBuffer.allocate(4096);
  private int interfaces;

  /** Writes the section header, which names the program, to this sink; closing is the caller's. */
  public PcapngWriter(WritableByteChannel out, String application) throws IOException {
    this.out = out;
    byte[] name = text(application);
    begin(SECTION_HEADER, name.length);
    block
        .putInt(BYTE_ORDER_MAGIC)
        .putShort((short) VERSION_MAJOR)
        .putShort((short) VERSION_MINOR)
        .putLong(UNKNOWN_SECTION_LENGTH);
    option(OPTION_USER_APPLICATION, name);
    endOptions();
    end();
  }

  /** Describes one more place of capture and returns its number for {@link #packet}. */
  public int addInterface(String name) throws IOException {
    byte[] bytes = text(name);
    begin(INTERFACE_DESCRIPTION, bytes.length);
    // Snapshot length 0: frames are never cut.
    block.putShort((short) LINK_TYPE_ETHERNET).putShort((short) 0).putInt(0);
    option(OPTION_INTERFACE_NAME, bytes);
    option(OPTION_TIME_RESOLUTION, new byte[] {NANOSECONDS});
    endOptions();
    end();
    return interfaces++;
  }

  /**
   * Writes a frame; the buffer's position and limit stay untouched.
   *
   * @param interfaceId what {@link #addInterface} returned
   * @param epochNanos when the frame passed
   * @param comment why it was dropped, for example; empty for none
   */
  public void packet(
      int interfaceId, long epochNanos, ByteBuffer buffer, int offset, int length, String comment)
      throws IOException {
    if (interfaceId < 0 || interfaceId >= interfaces) {
      throw new IllegalArgumentException(
          "interface must be 0-"
              + (interfaces - 1)
              + " as addInterface returned, got "
              + interfaceId);
    }
    byte[] note = text(comment);
    begin(ENHANCED_PACKET, length + note.length);
    block
        .putInt(interfaceId)
        .putInt((int) (epochNanos >>> 32))
        .putInt((int) epochNanos)
        .putInt(length)
        .putInt(length)
        .put(block.position(), buffer, offset, length)
        .position(block.position() + length);
    pad();
    if (note.length > 0) {
      option(OPTION_COMMENT, note);
      endOptions();
    }
    end();
  }

  private static byte[] text(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    return bytes.length <= MAX_OPTION
        ? bytes
        : value.substring(0, MAX_OPTION / 4).getBytes(StandardCharsets.UTF_8);
  }

  private void begin(int type, int content) {
    if (block.capacity() < content + BLOCK_OVERHEAD) {
      block = ByteBuffer.allocate(content + BLOCK_OVERHEAD);
    }
    block.clear().putInt(type).putInt(0);
  }

  private void option(int code, byte[] value) {
    block.putShort((short) code).putShort((short) value.length).put(value);
    pad();
  }

  private void pad() {
    while (block.position() % 4 != 0) {
      block.put((byte) 0);
    }
  }

  private void endOptions() {
    block.putShort((short) OPTION_END).putShort((short) 0);
  }

  /** Fills both length fields in and hands the block over. */
  private void end() throws IOException {
    int length = block.position() + 4;
    block.putInt(length).putInt(4, length).flip();
    while (block.hasRemaining()) {
      out.write(block);
    }
  }
}
