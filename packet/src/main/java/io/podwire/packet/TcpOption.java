package io.podwire.packet;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * One option of a TCP header (RFC 9293, section 3.2; RFC 7323; RFC 2018), as a value.
 *
 * <p>Options of other kinds, or of a length that their kind does not have, are kept as {@link
 * Other}.
 */
public sealed interface TcpOption {

  int END = 0;
  int NO_OPERATION = 1;
  int MAX_SEGMENT_SIZE = 2;
  int WINDOW_SCALE = 3;
  int SACK_PERMITTED = 4;
  int SACK = 5;
  int TIMESTAMPS = 8;

  int kind();

  /** The octets it takes, kind and length included. */
  int length();

  /** Writes the option at this place. */
  void emit(ByteBuffer buffer, int offset);

  /** Padding between options. */
  record NoOperation() implements TcpOption {
    @Override
    public int kind() {
      return NO_OPERATION;
    }

    @Override
    public int length() {
      return 1;
    }

    @Override
    public void emit(ByteBuffer buffer, int offset) {
      buffer.put(offset, (byte) NO_OPERATION);
    }
  }

  /** The largest segment that the sender can receive. */
  record MaxSegmentSize(int octets) implements TcpOption {
    @Override
    public int kind() {
      return MAX_SEGMENT_SIZE;
    }

    @Override
    public int length() {
      return 4;
    }

    @Override
    public void emit(ByteBuffer buffer, int offset) {
      head(buffer, offset, this).putShort(offset + 2, (short) octets);
    }
  }

  /** By how many bits the sender's later windows are shifted. */
  record WindowScale(int shift) implements TcpOption {
    @Override
    public int kind() {
      return WINDOW_SCALE;
    }

    @Override
    public int length() {
      return 3;
    }

    @Override
    public void emit(ByteBuffer buffer, int offset) {
      head(buffer, offset, this).put(offset + 2, (byte) shift);
    }
  }

  /** The sender understands selective acknowledgments. */
  record SackPermitted() implements TcpOption {
    @Override
    public int kind() {
      return SACK_PERMITTED;
    }

    @Override
    public int length() {
      return 2;
    }

    @Override
    public void emit(ByteBuffer buffer, int offset) {
      head(buffer, offset, this);
    }
  }

  /** The sender's clock and the last one seen from the peer, each 32 raw bits. */
  record Timestamps(int value, int echo) implements TcpOption {
    @Override
    public int kind() {
      return TIMESTAMPS;
    }

    @Override
    public int length() {
      return 10;
    }

    @Override
    public void emit(ByteBuffer buffer, int offset) {
      head(buffer, offset, this).putInt(offset + 2, value).putInt(offset + 6, echo);
    }
  }

  /** Any other option: its octets behind kind and length. */
  record Other(int kind, Octets octets) implements TcpOption {
    @Override
    public int length() {
      return 2 + octets.length();
    }

    @Override
    public void emit(ByteBuffer buffer, int offset) {
      head(buffer, offset, this);
      octets.emit(buffer, offset + 2);
    }
  }

  /** The well-formed options of a header, up to the end marker or the first malformed one. */
  static List<TcpOption> parse(TcpView header) {
    List<TcpOption> options = new ArrayList<>();
    ByteBuffer buffer = header.buffer();
    int end = header.payloadOffset();
    for (int at = header.optionsOffset(); at < end; ) {
      int next = next(buffer, at, end);
      if (next < 0) {
        break;
      }
      options.add(parse(buffer, at, next - at));
      at = next;
    }
    return List.copyOf(options);
  }

  private static TcpOption parse(ByteBuffer buffer, int at, int length) {
    int kind = buffer.get(at) & 0xff;
    if (kind == NO_OPERATION) {
      return new NoOperation();
    } else if (kind == MAX_SEGMENT_SIZE && length == 4) {
      return new MaxSegmentSize(buffer.getShort(at + 2) & 0xffff);
    } else if (kind == WINDOW_SCALE && length == 3) {
      return new WindowScale(buffer.get(at + 2) & 0xff);
    } else if (kind == SACK_PERMITTED && length == 2) {
      return new SackPermitted();
    } else if (kind == TIMESTAMPS && length == 10) {
      return new Timestamps(buffer.getInt(at + 2), buffer.getInt(at + 6));
    }
    return new Other(kind, Octets.copyOf(buffer, at + 2, length - 2));
  }

  /** Where the option after this one begins; -1 at the end marker or a malformed option. */
  static int next(ByteBuffer buffer, int at, int end) {
    int kind = buffer.get(at);
    if (kind == NO_OPERATION) {
      return at + 1;
    }
    if (kind == END || end - at < 2) {
      return -1;
    }
    int length = buffer.get(at + 1) & 0xff;
    return length < 2 || length > end - at ? -1 : at + length;
  }

  private static ByteBuffer head(ByteBuffer buffer, int offset, TcpOption option) {
    return buffer.put(offset, (byte) option.kind()).put(offset + 1, (byte) option.length());
  }
}
