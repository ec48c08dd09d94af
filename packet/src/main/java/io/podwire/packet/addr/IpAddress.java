package io.podwire.packet.addr;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * An IPv4 or IPv6 address as 128 bits; an IPv4 address is held in its IPv4-mapped form (RFC 4291,
 * section 2.5.5.2), so that tables need one key shape for both families.
 *
 * <p>Ordered as unsigned numbers, IPv4 among the mapped range. Immutable and thread-safe.
 *
 * @param high the first 64 bits in network order; 0 for IPv4
 * @param low the last 64 bits; for IPv4 {@code 0x0000ffff} followed by the four octets
 */
public record IpAddress(long high, long low) implements Comparable<IpAddress> {

  /** The upper half of {@link #low} in an IPv4 address. */
  public static final long IPV4_MARK = 0xffffL << 32;

  private static final int GROUPS = 8;

  public static IpAddress ofIpv4(int bits) {
    return new IpAddress(0, mapped(bits));
  }

  /** The {@link #low} half of the IPv4 address with these 32 bits; {@link #high} is 0. */
  public static long mapped(int bits) {
    return IPV4_MARK | (bits & 0xffff_ffffL);
  }

  /** Reads 4 or 16 octets in network order. */
  public static IpAddress of(byte[] octets) {
    ByteBuffer buffer = ByteBuffer.wrap(octets);
    return switch (octets.length) {
      case 4 -> ofIpv4(buffer.getInt());
      case 16 -> new IpAddress(buffer.getLong(), buffer.getLong());
      default ->
          throw new IllegalArgumentException(
              "an IP address has 4 or 16 octets, got " + octets.length);
    };
  }

  /** Parses dotted-quad IPv4 or RFC 4291 IPv6 text; never asks a name service. */
  public static IpAddress parse(String text) {
    return tryParse(text)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "'" + text + "' is not an IP address; write it as 10.244.0.1 or fd00::1"));
  }

  /** As {@link #parse}, with an empty result where the text is no address. */
  public static Optional<IpAddress> tryParse(String text) {
    return text.indexOf(':') >= 0 ? parseIpv6(text) : parseIpv4(text).map(IpAddress::ofIpv4);
  }

  private static Optional<Integer> parseIpv4(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      return Optional.empty();
    }
    int bits = 0;
    for (String part : parts) {
      // A leading zero is octal to some parsers and decimal to others: refused, as Kubernetes does.
      if (part.isEmpty() || part.length() > 3 || (part.length() > 1 && part.charAt(0) == '0')) {
        return Optional.empty();
      }
      int octet = 0;
      for (int i = 0; i < part.length(); i++) {
        char c = part.charAt(i);
        if (c < '0' || c > '9') {
          return Optional.empty();
        }
        octet = octet * 10 + c - '0';
      }
      if (octet > 255) {
        return Optional.empty();
      }
      bits = (bits << 8) | octet;
    }
    return Optional.of(bits);
  }

  private static Optional<IpAddress> parseIpv6(String text) {
    int gap = text.indexOf("::");
    if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
      return Optional.empty();
    }
    int[] groups = new int[GROUPS];
    if (gap < 0) {
      return parseGroups(text, groups, true) == GROUPS ? Optional.of(of(groups)) : Optional.empty();
    }
    int left = parseGroups(text.substring(0, gap), groups, false);
    int[] tail = new int[GROUPS];
    int right = parseGroups(text.substring(gap + 2), tail, true);
    if (left < 0 || right < 0 || left + right > GROUPS - 1) {
      return Optional.empty();
    }
    System.arraycopy(tail, 0, groups, GROUPS - right, right);
    return Optional.of(of(groups));
  }

  /** The number of groups read, or -1; only the address's end may be a dotted quad. */
  private static int parseGroups(String text, int[] groups, boolean atEnd) {
    if (text.isEmpty()) {
      return 0;
    }
    String[] parts = text.split(":", -1);
    int n = 0;
    for (int i = 0; i < parts.length; i++) {
      String part = parts[i];
      if (atEnd && i == parts.length - 1 && part.indexOf('.') >= 0) {
        Optional<Integer> quad = parseIpv4(part);
        if (quad.isEmpty() || n + 2 > GROUPS) {
          return -1;
        }
        groups[n++] = quad.get() >>> 16;
        groups[n++] = quad.get() & 0xffff;
      } else {
        if (part.isEmpty() || part.length() > 4 || n == GROUPS) {
          return -1;
        }
        int group = 0;
        for (int j = 0; j < part.length(); j++) {
          if (!HexFormat.isHexDigit(part.charAt(j))) {
            return -1;
          }
          group = (group << 4) | HexFormat.fromHexDigit(part.charAt(j));
        }
        groups[n++] = group;
      }
    }
    return n;
  }

  private static IpAddress of(int[] groups) {
    long high = 0;
    long low = 0;
    for (int i = 0; i < 4; i++) {
      high = (high << 16) | groups[i];
      low = (low << 16) | groups[i + 4];
    }
    return new IpAddress(high, low);
  }

  public boolean isIpv4() {
    return isIpv4(high, low);
  }

  public static boolean isIpv4(long high, long low) {
    return high == 0 && low >>> 32 == 0xffff;
  }

  /** The 32 bits of an IPv4 address. */
  public int ipv4Bits() {
    if (!isIpv4()) {
      throw new IllegalStateException(this + " is not an IPv4 address");
    }
    return (int) low;
  }

  /** 32 or 128. */
  public int bitLength() {
    return isIpv4() ? 32 : 128;
  }

  /** Four or sixteen octets in network order. */
  public byte[] toBytes() {
    return isIpv4()
        ? ByteBuffer.allocate(4).putInt(ipv4Bits()).array()
        : ByteBuffer.allocate(16).putLong(high).putLong(low).array();
  }

  /** The address this far after it, in unsigned 128-bit arithmetic. */
  public IpAddress plus(long offset) {
    long sum = low + offset;
    long carry = offset >= 0 && Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
    long borrow = offset < 0 && Long.compareUnsigned(sum, low) > 0 ? 1 : 0;
    return new IpAddress(high + carry - borrow, sum);
  }

  public boolean isLoopback() {
    return isIpv4() ? ipv4Bits() >>> 24 == 127 : high == 0 && low == 1;
  }

  public boolean isMulticast() {
    return isIpv4() ? ipv4Bits() >>> 28 == 0xe : high >>> 56 == 0xff;
  }

  @Override
  public int compareTo(IpAddress other) {
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  /** Dotted quad, or RFC 5952 text for IPv6. */
  @Override
  public String toString() {
    if (isIpv4()) {
      int bits = ipv4Bits();
      return (bits >>> 24)
          + "."
          + ((bits >>> 16) & 0xff)
          + "."
          + ((bits >>> 8) & 0xff)
          + "."
          + (bits & 0xff);
    }
    int[] groups = new int[GROUPS];
    for (int i = 0; i < 4; i++) {
      groups[i] = (int) (high >>> (48 - 16 * i)) & 0xffff;
      groups[i + 4] = (int) (low >>> (48 - 16 * i)) & 0xffff;
    }
    return ipv6Text(groups);
  }

  private static String ipv6Text(int[] groups) {
    int gapStart = -1;
    int gapLength = 1;
    for (int i = 0; i < GROUPS; i++) {
      int j = i;
      while (j < GROUPS && groups[j] == 0) {
        j++;
      }
      if (j - i > gapLength) {
        gapStart = i;
        gapLength = j - i;
      }
    }
    if (gapStart < 0) {
      return joined(groups, 0, GROUPS);
    }
    return joined(groups, 0, gapStart) + "::" + joined(groups, gapStart + gapLength, GROUPS);
  }

  private static String joined(int[] groups, int from, int to) {
    StringBuilder text = new StringBuilder();
    for (int group : Arrays.copyOfRange(groups, from, to)) {
      if (text.length() > 0) {
        text.append(':');
      }
      text.append(Integer.toHexString(group));
    }
    return text.toString();
  }
}
