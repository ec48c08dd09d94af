package io.podwire.packet;

import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * One option of a neighbor discovery message (RFC 4861, section 4.6), as a value.
 *
 * <p>Options of other types, or of a length that their type does not have, are kept as {@link
 * Other}.
 */
public sealed interface NdOption {

  int SOURCE_LINK_LAYER = 1;
  int TARGET_LINK_LAYER = 2;
  int PREFIX_INFORMATION = 3;
  int MTU = 5;

  /** Option lengths are counted in units of this many octets. */
  int UNIT = 8;

  int type();

  /** The octets it takes, type and length included: a multiple of 8. */
  int length();

  /** Writes the option at this place. */
  void emit(ByteBuffer buffer, int offset);

  /** The MAC of the sender (source) or of the target. */
  record LinkLayerAddress(int type, MacAddress mac) implements NdOption {
    public LinkLayerAddress {
      if (type != SOURCE_LINK_LAYER && type != TARGET_LINK_LAYER) {
        throw new IllegalArgumentException(
            "type of a link-layer address option must be 1 (source) or 2 (target), got " + type);
      }
    }

    @Override
    public int length() {
      return 8;
    }

    @Override
    public void emit(ByteBuffer buffer, int offset) {
      head(buffer, offset, this)
          .putShort(offset + 2, (short) (mac.value() >>> 32))
          .putInt(offset + 4, (int) mac.value());
    }
  }

  /**
   * A prefix of the link (RFC 4861, section 4.6.2).
   *
   * @param validSeconds 32 raw bits; all ones mean for ever
   * @param preferredSeconds 32 raw bits; all ones mean for ever
   */
  record PrefixInformation(
      int prefixLength,
      boolean onLink,
      boolean autonomous,
      int validSeconds,
      int preferredSeconds,
      IpAddress prefix)
      implements NdOption {

    private static final int ON_LINK = 0x80;
    private static final int AUTONOMOUS = 0x40;

    @Override
    public int type() {
      return PREFIX_INFORMATION;
    }

    @Override
    public int length() {
      return 32;
    }

    @Override
    public void emit(ByteBuffer buffer, int offset) {
      int flags = (onLink ? ON_LINK : 0) | (autonomous ? AUTONOMOUS : 0);
      head(buffer, offset, this)
          .put(offset + 2, (byte) prefixLength)
          .put(offset + 3, (byte) flags)
          .putInt(offset + 4, validSeconds)
          .putInt(offset + 8, preferredSeconds)
          .putInt(offset + 12, 0)
          .putLong(offset + 16, prefix.high())
          .putLong(offset + 24, prefix.low());
    }

    private static PrefixInformation parse(ByteBuffer buffer, int at) {
      int flags = buffer.get(at + 3);
      return new PrefixInformation(
          buffer.get(at + 2) & 0xff,
          (flags & ON_LINK) != 0,
          (flags & AUTONOMOUS) != 0,
          buffer.getInt(at + 4),
          buffer.getInt(at + 8),
          new IpAddress(buffer.getLong(at + 16), buffer.getLong(at + 24)));
    }
  }

  /** The link's MTU in octets. */
  record LinkMtu(int octets) implements NdOption {
    @Override
    public int type() {
      return MTU;
    }

    @Override
    public int length() {
      return 8;
    }

    @Override
    public void emit(ByteBuffer buffer, int offset) {
      head(buffer, offset, this).putShort(offset + 2, (short) 0).putInt(offset + 4, octets);
    }
  }

  /** Any other option: its octets behind type and length, two less than a multiple of 8. */
  record Other(int type, Octets octets) implements NdOption {
    public Other {
      if ((octets.length() + 2) % UNIT != 0) {
        throw new IllegalArgumentException(
            "octets of an ND option must be 6 plus a multiple of 8, got " + octets.length());
      }
    }

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

  /** The options between two places, which {@link Icmpv6View#check} has found well formed. */
  static List<NdOption> parse(ByteBuffer buffer, int offset, int end) {
    List<NdOption> options = new ArrayList<>();
    for (int at = offset; at < end; at += octets(buffer, at)) {
      options.add(parse(buffer, at));
    }
    return List.copyOf(options);
  }

  private static NdOption parse(ByteBuffer buffer, int at) {
    int type = buffer.get(at) & 0xff;
    int length = octets(buffer, at);
    if ((type == SOURCE_LINK_LAYER || type == TARGET_LINK_LAYER) && length == 8) {
      long mac =
          ((buffer.getShort(at + 2) & 0xffffL) << 32) | (buffer.getInt(at + 4) & 0xffff_ffffL);
      return new LinkLayerAddress(type, new MacAddress(mac));
    } else if (type == PREFIX_INFORMATION && length == 32) {
      return PrefixInformation.parse(buffer, at);
    } else if (type == MTU && length == 8) {
      return new LinkMtu(buffer.getInt(at + 4));
    }
    return new Other(type, Octets.copyOf(buffer, at + 2, length - 2));
  }

  /** Whether the options fill the space between two places exactly. */
  static Defect check(ByteBuffer buffer, int offset, int end) {
    for (int at = offset; at < end; at += octets(buffer, at)) {
      if (end - at < UNIT) {
        return Defect.TRUNCATED;
      }
      int octets = octets(buffer, at);
      if (octets == 0) {
        return Defect.BAD_OPTION;
      }
      if (octets > end - at) {
        return Defect.TRUNCATED;
      }
    }
    return Defect.NONE;
  }

  /** Where the first option of this type begins, or -1. */
  static int find(ByteBuffer buffer, int offset, int end, int type) {
    for (int at = offset; at < end; at += octets(buffer, at)) {
      if ((buffer.get(at) & 0xff) == type) {
        return at;
      }
    }
    return -1;
  }

  private static int octets(ByteBuffer buffer, int at) {
    return (buffer.get(at + 1) & 0xff) * UNIT;
  }

  private static ByteBuffer head(ByteBuffer buffer, int offset, NdOption option) {
    return buffer
        .put(offset, (byte) option.type())
        .put(offset + 1, (byte) (option.length() / UNIT));
  }
}
