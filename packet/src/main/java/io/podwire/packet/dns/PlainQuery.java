package io.podwire.packet.dns;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A view of a query of the plainest kind, read without making objects: one question of the Internet
 * class, and at most an OPT record of EDNS version 0 without options (RFC 6891).
 *
 * <p>Everything else is for {@link DnsCodec}. The name is held in lower case, eight octets to a
 * word, so that it compares quickly and without its case (RFC 4343). Not thread-safe.
 */
public final class PlainQuery {
  private static final int FLAGS = 2;
  private static final int COUNTS = 4;
  private static final int ADDITIONAL_COUNT = 10;
  private static final long ONE_QUESTION = 1L << 48;
  private static final int QUESTION_FIXED = 4;
  private static final int OPT_LENGTH = 11;
  // RD, AD and CD: whatever else a query may set calls for a closer look.
  private static final int PLAIN_FLAGS = 0x0130;

  private static final long EACH = 0x0101_0101_0101_0101L;
  private static final long LOW_BITS = 0x7f * EACH;
  private static final long HIGH_BITS = ~LOW_BITS;
  private static final long MIX = 0x9e37_79b9_7f4a_7c15L;

  private final long seed;
  private final long[] words = new long[DnsName.MAX_LENGTH / Long.BYTES + 1];
  private int nameLength;
  private int type;
  private int flags;
  private boolean capitals;
  private boolean edns;
  private int payloadSize;
  private boolean dnssecOk;
  private long hash;

  /**
   * A view that has read nothing yet.
   *
   * @param seed of the names' hash, so that nobody outside can choose names that meet
   */
  public PlainQuery(long seed) {
    this.seed = seed;
  }

  /**
   * Reads a message.
   *
   * @param octets big-endian; only those of the message are looked at
   * @return false where it is no plain query, be it malformed or another kind of message; nothing
   *     else of this view means anything then
   */
  public boolean read(ByteBuffer octets, int offset, int length) {
    if (length < DnsHeader.LENGTH + 1 + QUESTION_FIXED) {
      return false;
    }
    flags = octets.getShort(offset + FLAGS) & 0xffff;
    long counts = octets.getLong(offset + COUNTS);
    // The number of additional records is the last of the four.
    if ((flags & ~PLAIN_FLAGS) != 0 || (counts & ~1L) != ONE_QUESTION) {
      return false;
    }
    int end = offset + length;
    nameLength = nameLength(octets, offset + DnsHeader.LENGTH, end);
    if (nameLength == 0) {
      return false;
    }
    int question = offset + DnsHeader.LENGTH + nameLength;
    type = octets.getShort(question) & 0xffff;
    if (octets.getShort(question + 2) != RecordClass.IN) {
      return false;
    }
    edns = octets.getShort(offset + ADDITIONAL_COUNT) != 0;
    int rest = question + QUESTION_FIXED;
    if (edns ? !opt(octets, rest, end) : rest != end) {
      return false;
    }
    name(octets, offset + DnsHeader.LENGTH);
    return true;
  }

  /** Octets of the uncompressed name, 0 where it is none or leaves no room for the rest. */
  private static int nameLength(ByteBuffer octets, int start, int end) {
    int last = Math.min(end - QUESTION_FIXED, start + DnsName.MAX_LENGTH);
    int at = start;
    while (at < last) {
      int label = octets.get(at);
      if (label == 0) {
        return at + 1 - start;
      }
      if (label < 0 || label > DnsName.MAX_LABEL_LENGTH) {
        return 0;
      }
      at += 1 + label;
    }
    return 0;
  }

  private boolean opt(ByteBuffer octets, int at, int end) {
    if (end - at != OPT_LENGTH
        || octets.get(at) != 0
        || octets.getShort(at + 1) != RecordType.OPT
        || octets.getShort(at + 9) != 0) {
      return false;
    }
    payloadSize = octets.getShort(at + 3) & 0xffff;
    int extended = octets.getInt(at + 5);
    dnssecOk = extended == Edns.DNSSEC_OK;
    return extended == 0 || dnssecOk;
  }

  private void name(ByteBuffer octets, int start) {
    long mixed = seed ^ type * MIX;
    long upper = 0;
    int count = words(nameLength);
    for (int i = 0; i < count; i++) {
      int left = nameLength - i * Long.BYTES;
      long word =
          left >= Long.BYTES
              ? octets.getLong(start + i * Long.BYTES)
              : partialWord(octets, start + i * Long.BYTES, left);
      long capital = capitals(word);
      upper |= capital;
      word |= capital >>> 2;
      words[i] = word;
      mixed = (mixed ^ word) * MIX;
      mixed ^= mixed >>> 32;
    }
    capitals = upper != 0;
    hash = mixed;
  }

  private static int words(int nameLength) {
    return nameLength + Long.BYTES - 1 >> 3;
  }

  private static long partialWord(ByteBuffer octets, int at, int count) {
    long word = 0;
    for (int i = 0; i < count; i++) {
      word |= (octets.get(at + i) & 0xffL) << 56 - 8 * i;
    }
    return word;
  }

  /**
   * The highest bit of each octet that is a capital letter; length octets are below 64 and so are
   * none.
   */
  private static long capitals(long word) {
    long low = word & LOW_BITS;
    long fromA = low + (0x80 - 'A') * EACH;
    long beyondZ = low + (0x7f - 'Z') * EACH;
    return fromA & ~beyondZ & ~word & HIGH_BITS;
  }

  /** Octets of the uncompressed name. */
  public int nameLength() {
    return nameLength;
  }

  /** The record type asked for. */
  public int type() {
    return type;
  }

  /** The header's flags. */
  public int flags() {
    return flags;
  }

  /** Whether the name as it came has capital letters. */
  public boolean hasCapitals() {
    return capitals;
  }

  /** Whether there is an OPT record. */
  public boolean hasEdns() {
    return edns;
  }

  /** The largest response that the client takes over UDP, in octets (RFC 6891, section 6.2.3). */
  public int responseSize() {
    return edns ? Math.max(DnsCodec.MAX_PLAIN_UDP, payloadSize) : DnsCodec.MAX_PLAIN_UDP;
  }

  /** The flags of the OPT record that a response takes over. */
  public int ednsFlags() {
    return edns && dnssecOk ? Edns.DNSSEC_OK : 0;
  }

  /** Of the type and the name in lower case. */
  public long hash() {
    return hash;
  }

  /** The question's place behind which a response's records begin, from the message's start on. */
  public int questionEnd() {
    return DnsHeader.LENGTH + nameLength + QUESTION_FIXED;
  }

  /** A copy of the words that {@link #hasName} compares with. */
  public long[] copyName() {
    return Arrays.copyOf(words, words(nameLength));
  }

  /** Whether the name is that of the copy; the lengths must be known to be the same. */
  public boolean hasName(long[] copy) {
    for (int i = 0; i < copy.length; i++) {
      if (copy[i] != words[i]) {
        return false;
      }
    }
    return true;
  }

  /** The question with its name in lower case; allocates. */
  public Question lowerQuestion() {
    return question(false);
  }

  /** The question with its name in capitals; allocates. */
  public Question capitalQuestion() {
    return question(true);
  }

  private Question question(boolean inCapitals) {
    byte[] wire = new byte[nameLength];
    for (int i = 0; i < nameLength; i++) {
      byte octet = (byte) (words[i >> 3] >>> 56 - 8 * (i & 7));
      boolean letter = octet >= 'a' && octet <= 'z';
      wire[i] = inCapitals && letter ? (byte) (octet - 32) : octet;
    }
    return Question.of(DnsName.ofWireForm(wire), type);
  }
}
