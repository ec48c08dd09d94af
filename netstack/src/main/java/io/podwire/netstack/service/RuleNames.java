package io.podwire.netstack.service;

import io.podwire.packet.IpProtocol;
import io.podwire.packet.addr.IpAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The hashes in the names that kube-proxy gives to chains, and what it writes beside them. */
public final class RuleNames {

  /** RFC 4648, section 6. */
  private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

  private static final int BITS = 5;

  private RuleNames() {}

  /** The first so many base32 digits of a text's SHA-256. */
  public static String hash(String text, int digits) {
    byte[] sum = sha256(text.getBytes(StandardCharsets.UTF_8));
    StringBuilder hash = new StringBuilder(digits);
    for (int i = 0; i < digits; i++) {
      int bit = i * BITS;
      int octets = (sum[bit / 8] & 0xff) << 8 | sum[bit / 8 + 1] & 0xff;
      hash.append(BASE32.charAt(octets >>> 16 - BITS - bit % 8 & 0x1f));
    }
    return hash.toString();
  }

  private static byte[] sha256(byte[] octets) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(octets);
    } catch (NoSuchAlgorithmException everyPlatformHasIt) {
      throw new AssertionError(everyPlatformHasIt);
    }
  }

  /** {@code tcp} or {@code udp}. */
  public static String protocol(int number) {
    return switch (number) {
      case IpProtocol.TCP -> "tcp";
      case IpProtocol.UDP -> "udp";
      case IpProtocol.SCTP -> "sctp";
      default -> Integer.toString(number);
    };
  }

  /** {@code 10.244.1.2:80}, or {@code [fd00::2]:80}. */
  public static String socket(IpAddress address, int port) {
    return (address.isIpv4() ? address.toString() : "[" + address + "]") + ":" + port;
  }
}
