package io.podwire.dns.fault;

import io.podwire.packet.dns.DnsName;
import java.util.Locale;

/**
 * A name as faults are written for: {@code ?} stands for any one character, a trailing {@code *}
 * for any rest, as in Chaos Mesh; case does not matter.
 */
final class NamePattern {
  private final String text;
  private final boolean open;

  private NamePattern(String text, boolean open) {
    this.text = text;
    this.open = open;
  }

  static NamePattern parse(String written) {
    String text = written.toLowerCase(Locale.ROOT);
    if (text.endsWith("*")) {
      return new NamePattern(text.substring(0, text.length() - 1), true);
    }
    return new NamePattern(withoutFinalDot(text), false);
  }

  /** What patterns are compared with. */
  static String text(DnsName name) {
    return withoutFinalDot(name.toString().toLowerCase(Locale.ROOT));
  }

  private static String withoutFinalDot(String text) {
    return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
  }

  /** Whether the name, in lower case and without its final dot, is meant. */
  boolean matches(String name) {
    if (open ? name.length() < text.length() : name.length() != text.length()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '?' && c != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
