package io.podwire.packet.dns;

/** The character strings of TXT and HINFO (RFC 1035, section 3.3). */
final class CharacterString {
  static final int MAX_LENGTH = 255;

  private CharacterString() {}

  static void check(String text) {
    if (text.length() > MAX_LENGTH || text.chars().anyMatch(c -> c > 255)) {
      throw new IllegalArgumentException(
          "a character string has at most 255 characters up to U+00FF, got '" + text + "'");
    }
  }

  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c < ' ' || c > '~') {
        quoted.append(String.format("\\%03d", (int) c));
      } else {
        if (c == '"' || c == '\\') {
          quoted.append('\\');
        }
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
