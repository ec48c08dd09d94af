package io.podwire.packet.dns;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Optional;

/**
 * An absolute domain name (RFC 1035, section 3.1) that keeps its case and compares without it (RFC
 * 4343).
 *
 * <p>Immutable and thread-safe. A label is handed out as a string of one character per octet.
 */
public final class DnsName {

  /** Octets of the longest name, with its length octets and the root's zero. */
  public static final int MAX_LENGTH = 255;

  /** Octets of the longest label. */
  public static final int MAX_LABEL_LENGTH = 63;

  public static final DnsName ROOT = new DnsName(new byte[1], 0);

  private static final String MUST_ESCAPE = ".\\\"();@$";

  /** The uncompressed wire form; the name is everything from {@link #start} on. */
  private final byte[] octets;

  private final int start;
  private int hash;

  private DnsName(byte[] octets, int start) {
    this.octets = octets;
    this.start = start;
  }

  /** Wraps a valid uncompressed wire form without copying it. */
  static DnsName ofWireForm(byte[] octets) {
    return new DnsName(octets, 0);
  }

  /** Parses master-file text (RFC 1035, section 5.1); a missing final dot is implied. */
  public static DnsName parse(String text) {
    return tryParse(text)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "'"
                    + text
                    + "' is not a domain name; labels have 1-63 octets and all of it at most"
                    + " 255"));
  }

  /** As {@link #parse}, with an empty result where the text is no name. */
  public static Optional<DnsName> tryParse(String text) {
    if (text.isEmpty() || text.equals(".")) {
      return text.isEmpty() ? Optional.empty() : Optional.of(ROOT);
    }
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    ByteArrayOutputStream label = new ByteArrayOutputStream();
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i++);
      if (c == '.') {
        if (!close(label, wire)) {
          return Optional.empty();
        }
        continue;
      }
      int octet = c;
      if (c == '\\') {
        if (i == text.length()) {
          return Optional.empty();
        }
        octet = text.charAt(i++);
        if (octet >= '0' && octet <= '9') {
          octet = i + 2 <= text.length() ? decimal(text, i - 1) : -1;
          i += 2;
        }
      }
      if (octet < 0 || octet > 255) {
        return Optional.empty();
      }
      label.write(octet);
    }
    if (label.size() > 0 && !close(label, wire)) {
      return Optional.empty();
    }
    wire.write(0);
    return wire.size() > MAX_LENGTH
        ? Optional.empty()
        : Optional.of(new DnsName(wire.toByteArray(), 0));
  }

  private static boolean close(ByteArrayOutputStream label, ByteArrayOutputStream wire) {
    if (label.size() == 0 || label.size() > MAX_LABEL_LENGTH) {
      return false;
    }
    wire.write(label.size());
    wire.writeBytes(label.toByteArray());
    label.reset();
    return true;
  }

  private static int decimal(String text, int from) {
    int value = 0;
    for (int i = from; i < from + 3; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }

  public boolean isRoot() {
    return octets[start] == 0;
  }

  /** Octets of the uncompressed wire form. */
  public int length() {
    return octets.length - start;
  }

  /** Labels without the root; 0 for the root itself. */
  public int labelCount() {
    int count = 0;
    for (int i = start; octets[i] != 0; i += 1 + octets[i]) {
      count++;
    }
    return count;
  }

  /** The n-th label from the left. */
  public String label(int index) {
    int at = offsetOf(index);
    return new String(octets, at + 1, octets[at], ISO_8859_1);
  }

  /** The n-th label from the left with ASCII letters in lower case. */
  public String lowerLabel(int index) {
    int at = offsetOf(index);
    byte[] label = Arrays.copyOfRange(octets, at + 1, at + 1 + octets[at]);
    for (int i = 0; i < label.length; i++) {
      label[i] = lower(label[i]);
    }
    return new String(label, ISO_8859_1);
  }

  /** The name without its first labels. */
  public DnsName dropFirst(int labels) {
    return new DnsName(octets, offsetOf(labels));
  }

  private int offsetOf(int index) {
    int at = start;
    for (int i = 0; i < index; i++) {
      if (octets[at] == 0) {
        throw new IndexOutOfBoundsException(this + " has no label " + index);
      }
      at += 1 + octets[at];
    }
    return at;
  }

  /** The name with one label more in front; the label is taken as it is, without escapes. */
  public DnsName child(String label) {
    return tryChild(label)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "'" + label + "' cannot stand before " + this + "; a label has 1-63 octets"));
  }

  /** As {@link #child}, with an empty result where the label or the new name is no valid one. */
  public Optional<DnsName> tryChild(String label) {
    int size = label.length();
    boolean latin = label.chars().allMatch(c -> c <= 255);
    if (!latin || size == 0 || size > MAX_LABEL_LENGTH || size + 1 + length() > MAX_LENGTH) {
      return Optional.empty();
    }
    byte[] wire = new byte[1 + size + length()];
    wire[0] = (byte) size;
    System.arraycopy(label.getBytes(ISO_8859_1), 0, wire, 1, size);
    System.arraycopy(octets, start, wire, 1 + size, length());
    return Optional.of(new DnsName(wire, 0));
  }

  /** Whether it is the other name or below it. */
  public boolean isAtOrBelow(DnsName other) {
    int surplus = length() - other.length();
    if (surplus < 0) {
      return false;
    }
    int at = start;
    while (at - start < surplus) {
      at += 1 + octets[at];
    }
    return at - start == surplus && sameIgnoringCase(at, other);
  }

  /** Whether the octets are equal, letters' case included. */
  public boolean equalsExactly(DnsName other) {
    return Arrays.equals(
        octets, start, octets.length, other.octets, other.start, other.octets.length);
  }

  private boolean sameIgnoringCase(int from, DnsName other) {
    int n = other.length();
    for (int i = 0; i < n; i++) {
      // Length octets are below 64 and so untouched by lower().
      if (lower(octets[from + i]) != lower(other.octets[other.start + i])) {
        return false;
      }
    }
    return true;
  }

  private static byte lower(byte octet) {
    return octet >= 'A' && octet <= 'Z' ? (byte) (octet + 32) : octet;
  }

  /** A copy of the uncompressed wire form. */
  public byte[] toWireForm() {
    return Arrays.copyOfRange(octets, start, octets.length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DnsName name
        && length() == name.length()
        && sameIgnoringCase(start, name);
  }

  @Override
  public int hashCode() {
    if (hash == 0) {
      int h = 1;
      for (int i = start; i < octets.length; i++) {
        h = 31 * h + lower(octets[i]);
      }
      hash = h;
    }
    return hash;
  }

  /** Master-file text with the final dot. */
  @Override
  public String toString() {
    if (isRoot()) {
      return ".";
    }
    StringBuilder text = new StringBuilder(length());
    for (int at = start; octets[at] != 0; at += 1 + octets[at]) {
      for (int i = at + 1; i <= at + octets[at]; i++) {
        appendEscaped(text, octets[i] & 0xff);
      }
      text.append('.');
    }
    return text.toString();
  }

  private static void appendEscaped(StringBuilder text, int octet) {
    if (octet <= ' ' || octet > '~') {
      text.append(String.format("\\%03d", octet));
    } else {
      if (MUST_ESCAPE.indexOf(octet) >= 0) {
        text.append('\\');
      }
      text.append((char) octet);
    }
  }
}
