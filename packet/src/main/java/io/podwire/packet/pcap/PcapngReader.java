package io.podwire.packet.pcap;

import io.podwire.packet.pcap.PcapngWriter.Passage;
import io.podwire.packet.pcap.PcapngWriter.Way;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads captures as {@link PcapngWriter} writes them, block by block, while they arrive.
 *
 * <p>Not thread-safe.
 */
public final class PcapngReader {

  private static final int INTERFACE_STATISTICS = 5;
  private static final int ENHANCED_PACKET = 6;

  private static final int MIN_BLOCK = 12;
  private static final int MAX_BLOCK = 16 << 20;
  private static final int TIME = 12;
  private static final int CAPTURED = 20;
  private static final int LENGTH = 24;
  private static final int PACKET_OCTETS = 28;
  private static final int STATISTICS_OPTIONS = 20;

  private static final int OPTION_END = 0;
  private static final int OPTION_COMMENT = 1;
  private static final int OPTION_FLAGS = 2;
  private static final int OPTION_COUNT = 4;
  private static final int OPTION_DROPPED = 5;

  private final InputStream in;
  private ByteBuffer block = ByteBuffer.allocate(4096);
  private String comment = "";
  private int flags;
  private long count;
  private long dropped;

  /** What a block is. */
  public enum Block {
    /** The headers of the capture, and what is unknown. */
    OTHER,
    PACKET,
    STATISTICS,
    /** There are no more. */
    END
  }

  public PcapngReader(InputStream in) {
    this.in = in;
  }

  /**
   * Reads the next block, waiting for it.
   *
   * @throws EOFException within a block
   * @throws IOException also where this is not a capture
   */
  public Block next() throws IOException {
    block.clear();
    int got = in.readNBytes(block.array(), 0, Integer.BYTES * 2);
    if (got == 0) {
      return Block.END;
    }
    int length = block.getInt(4);
    if (got < Integer.BYTES * 2 || length < MIN_BLOCK || length > MAX_BLOCK || length % 4 != 0) {
      throw new IOException("this is no big-endian pcapng capture");
    }
    if (block.capacity() < length) {
      block = ByteBuffer.allocate(length).put(block.array(), 0, got);
    }
    if (in.readNBytes(block.array(), got, length - got) < length - got) {
      throw new EOFException("the capture ends within a block");
    }
    block.clear().limit(length);
    return switch (block.getInt(0)) {
      case ENHANCED_PACKET -> {
        // Even the fields of a packet may be cut off.
        int room = length - PACKET_OCTETS - 4;
        int captured = room < 0 ? 0 : captured();
        if (room < 0 || captured < 0 || captured > room) {
          throw new IOException("a packet is longer than its block");
        }
        readOptions(PACKET_OCTETS + (captured + 3 & ~3));
        yield Block.PACKET;
      }
      case INTERFACE_STATISTICS -> {
        readOptions(STATISTICS_OPTIONS);
        yield Block.STATISTICS;
      }
      default -> Block.OTHER;
    };
  }

  private void readOptions(int from) {
    comment = "";
    flags = 0;
    count = 0;
    dropped = 0;
    int end = block.limit() - 4;
    for (int at = from; at + 4 <= end; ) {
      int code = Short.toUnsignedInt(block.getShort(at));
      int length = Short.toUnsignedInt(block.getShort(at + 2));
      if (code == OPTION_END || at + 4 + length > end) {
        return;
      }
      readOption(code, at + 4, length);
      at += 4 + (length + 3 & ~3);
    }
  }

  private void readOption(int code, int at, int length) {
    if (code == OPTION_COMMENT) {
      comment = new String(block.array(), at, length, StandardCharsets.UTF_8);
    } else if (code == OPTION_FLAGS && length == Integer.BYTES) {
      flags = block.getInt(at);
    } else if (code == OPTION_COUNT && length == Long.BYTES) {
      count = block.getLong(at);
    } else if (code == OPTION_DROPPED && length == Long.BYTES) {
      dropped = block.getLong(at);
    }
  }

  /** The whole block as it was read; valid until the next one is. */
  public ByteBuffer block() {
    return block;
  }

  /** What is known of the packet. */
  public Passage passage() {
    int direction = flags & 3;
    Way way = direction < Way.values().length ? Way.values()[direction] : Way.UNKNOWN;
    long nanos = (long) block.getInt(TIME) << 32 | Integer.toUnsignedLong(block.getInt(TIME + 4));
    return new Passage(nanos, block.getInt(LENGTH), way, count, comment);
  }

  /** Where in the block the packet's octets begin. */
  public int packetOffset() {
    return PACKET_OCTETS;
  }

  /** How many octets of the packet there are. */
  public int captured() {
    return block.getInt(CAPTURED);
  }

  /** Of the statistics: frames that were to be captured. */
  public long received() {
    return count;
  }

  /** Of the statistics: frames that the capture has lost. */
  public long dropped() {
    return dropped;
  }

  /** Of the statistics: why the capture has ended; empty where nothing is said. */
  public String comment() {
    return comment;
  }
}
