package io.podwire.packet;

import java.nio.ByteBuffer;

/**
 * The Internet checksum (RFC 1071), whole, in parts, and updated in place (RFC 1624).
 *
 * <p>A <em>sum</em> is an unfolded one's complement sum in a long; sums of parts may be added, as
 * long as every part but the last has an even length. A <em>checksum</em> is the 16 bits of a
 * header's field. UDP's rule that a computed 0 is sent as 0xffff is the caller's.
 */
public final class Checksum {

  private static final long LOW = 0xffff_ffffL;

  /** From so many octets on, a sum is worth vector instructions. */
  private static final int BULK = 128;

  private Checksum() {}

  /** The sum over these octets; an odd last one is padded with a zero. */
  public static long sum(ByteBuffer buffer, int offset, int length) {
    int end = offset + length;
    int words = length & -Integer.BYTES;
    long sum = words < BULK ? sumHeader(buffer, offset, words) : sumBulk(buffer, offset, words);
    int at = offset + words;
    if (end - at >= 2) {
      sum += buffer.getShort(at) & 0xffff;
      at += 2;
    }
    if (end > at) {
      sum += (buffer.get(at) & 0xff) << 8;
    }
    return sum;
  }

  private static long sumHeader(ByteBuffer buffer, int offset, int length) {
    long sum = 0;
    for (int at = offset; at < offset + length; at += Integer.BYTES) {
      sum += buffer.getInt(at) & LOW;
    }
    return sum;
  }

  /**
   * The same for payloads: a loop of its own, whose profile is not spoilt by headers, so that the
   * compiler unrolls it into vector instructions. That is also why it is written so plainly.
   */
  private static long sumBulk(ByteBuffer buffer, int offset, int length) {
    long sum = 0;
    for (int at = offset; at < offset + length; at += Integer.BYTES) {
      sum += buffer.getInt(at) & LOW;
    }
    return sum;
  }

  /** Folds a sum into 16 bits, not complemented. */
  public static int fold(long sum) {
    long folded = (sum >>> 32) + (sum & LOW);
    folded = (folded >>> 32) + (folded & LOW);
    folded = (folded >>> 16) + (folded & 0xffff);
    folded = (folded >>> 16) + (folded & 0xffff);
    return (int) ((folded >>> 16) + (folded & 0xffff));
  }

  /** The checksum of a sum: folded and complemented. */
  public static int finish(long sum) {
    return ~fold(sum) & 0xffff;
  }

  /** The checksum over these octets, in which the checksum's own field has to be zero. */
  public static int of(ByteBuffer buffer, int offset, int length) {
    return finish(sum(buffer, offset, length));
  }

  /** Whether a sum over data and its checksum is that of intact data. */
  public static boolean isIntact(long sum) {
    return fold(sum) == 0xffff;
  }

  /** The sum of the IPv4 pseudo-header (RFC 768, RFC 9293); the length is the segment's. */
  public static long pseudoHeader(int source, int destination, int protocol, int length) {
    return (source & LOW) + (destination & LOW) + protocol + length;
  }

  /** The sum of the IPv6 pseudo-header (RFC 8200, section 8.1); the length is the segment's. */
  public static long pseudoHeader(
      long sourceHigh,
      long sourceLow,
      long destinationHigh,
      long destinationLow,
      int protocol,
      int length) {
    return halves(sourceHigh)
        + halves(sourceLow)
        + halves(destinationHigh)
        + halves(destinationLow)
        + protocol
        + length;
  }

  /** A checksum after one of its 16-bit words changed (RFC 1624, equation 3). */
  public static int update(int checksum, int oldWord, int newWord) {
    return replaced(checksum, ~oldWord & 0xffff, newWord & 0xffff);
  }

  /** A checksum after 32 aligned bits changed, such as an IPv4 address. */
  public static int updateInt(int checksum, int oldBits, int newBits) {
    return replaced(checksum, ~oldBits & LOW, newBits & LOW);
  }

  /** A checksum after 64 aligned bits changed. */
  public static int updateLong(int checksum, long oldBits, long newBits) {
    return replaced(checksum, halves(~oldBits), halves(newBits));
  }

  /** A checksum after an IPv6 address changed. */
  public static int updateAddress(
      int checksum, long oldHigh, long oldLow, long newHigh, long newLow) {
    return replaced(checksum, halves(~oldHigh) + halves(~oldLow), halves(newHigh) + halves(newLow));
  }

  /**
   * Completes a checksum that was left to the device: the field holds the folded pseudo-header sum,
   * and everything from {@code start} to {@code end} is still to be summed (virtio 1.2, section
   * 5.1.6.2). As in Linux, a result of 0 is written as 0xffff, which UDP needs and TCP allows.
   */
  public static void complete(ByteBuffer buffer, int start, int end, int field) {
    int checksum = finish(sum(buffer, start, end - start));
    buffer.putShort(field, (short) (checksum == 0 ? 0xffff : checksum));
  }

  private static int replaced(int checksum, long complementOfOld, long replacement) {
    return finish((~checksum & 0xffff) + complementOfOld + replacement);
  }

  private static long halves(long bits) {
    return (bits >>> 32) + (bits & LOW);
  }
}
