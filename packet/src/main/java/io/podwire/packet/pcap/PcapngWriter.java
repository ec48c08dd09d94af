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
  private static final int INTERFACE_STATISTICS = 5;
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
  private static final int OPTION_FLAGS = 2;
  private static final int OPTION_DROP_COUNT = 4;
  private static final int OPTION_RECEIVED = 4;
  private static final int OPTION_DROPPED = 5;

  private static final int MAX_OPTION = 0xffff;

  /** Block type, its length before and after, options of fixed length, padding, the end option. */
  private static final int BLOCK_OVERHEAD = 128;

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
    return addInterface(name, 0);
  }

  /**
   * As {@link #addInterface(String)}.
   *
   * @param snapLength octets that frames are cut to; 0 where they never are
   */
  public int addInterface(String name, int snapLength) throws IOException {
    byte[] bytes = text(name);
    begin(INTERFACE_DESCRIPTION, bytes.length);
    block.putShort((short) LINK_TYPE_ETHERNET).putShort((short) 0).putInt(snapLength);
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
    packet(
        interfaceId,
        new Passage(epochNanos, length, Way.UNKNOWN, 0, comment),
        buffer,
        offset,
        length);
  }

  /** Which way a frame went, with its number in epb_flags. */
  public enum Way {
    UNKNOWN,
    INBOUND,
    OUTBOUND
  }

  /**
   * What is known of a frame beside its octets.
   *
   * @param epochNanos when it passed
   * @param length its octets on the link, of which there may be fewer
   * @param missed frames that the capture itself has lost since the one before
   * @param comment empty for none
   */
  public record Passage(long epochNanos, int length, Way way, long missed, String comment) {}

  /** Writes a frame of which {@code captured} octets are there. */
  public void packet(int interfaceId, Passage passage, ByteBuffer buffer, int offset, int captured)
      throws IOException {
    requireInterface(interfaceId);
    byte[] note = text(passage.comment());
    begin(ENHANCED_PACKET, captured + note.length);
    block.putInt(interfaceId);
    time(passage.epochNanos());
    block
        .putInt(captured)
        .putInt(passage.length())
        .put(block.position(), buffer, offset, captured)
        .position(block.position() + captured);
    pad();
    if (note.length > 0) {
      option(OPTION_COMMENT, note);
    }
    if (passage.way() != Way.UNKNOWN) {
      option(OPTION_FLAGS, passage.way().ordinal(), Integer.BYTES);
    }
    if (passage.missed() > 0) {
      option(OPTION_DROP_COUNT, passage.missed(), Long.BYTES);
    }
    if (note.length > 0 || passage.way() != Way.UNKNOWN || passage.missed() > 0) {
      endOptions();
    }
    end();
  }

  /**
   * Writes what a place of capture has seen in all.
   *
   * @param received frames that were to be captured
   * @param dropped those of them that the capture has lost
   * @param comment why it ended, for example; empty for none
   */
  public void statistics(
      int interfaceId, long epochNanos, long received, long dropped, String comment)
      throws IOException {
    requireInterface(interfaceId);
    byte[] note = text(comment);
    begin(INTERFACE_STATISTICS, note.length);
    block.putInt(interfaceId);
    time(epochNanos);
    if (note.length > 0) {
      option(OPTION_COMMENT, note);
    }
    option(OPTION_RECEIVED, received, Long.BYTES);
    option(OPTION_DROPPED, dropped, Long.BYTES);
    endOptions();
    end();
  }

  private void requireInterface(int interfaceId) {
    if (interfaceId < 0 || interfaceId >= interfaces) {
      throw new IllegalArgumentException(
          "interface must be 0-"
              + (interfaces - 1)
              + " as addInterface returned, got "
              + interfaceId);
    }
  }

  private void time(long epochNanos) {
    block.putInt((int) (epochNanos >>> 32)).putInt((int) epochNanos);
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

  private void option(int code, long value, int length) {
    block.putShort((short) code).putShort((short) length);
    if (length == Integer.BYTES) {
      block.putInt((int) value);
    } else {
      block.putLong(value);
    }
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
