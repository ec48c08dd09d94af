package io.podwire.dns.corefile;

/**
 * One word of a Corefile.
 *
 * @param file as the user wrote it
 * @param line counted from 1
 * @param quoted whether it stood in double quotes, in which case braces mean nothing
 * @param begins whether it is the first of its line
 */
public record Token(String text, String file, int line, boolean quoted, boolean begins) {

  Token beginning() {
    return new Token(text, file, line, quoted, true);
  }

  Token withText(String other) {
    return new Token(other, file, line, quoted, begins);
  }

  boolean isOpening() {
    return !quoted && text.equals("{");
  }

  boolean isClosing() {
    return !quoted && text.equals("}");
  }

  /** {@code Corefile:12}. */
  public String place() {
    return file + ":" + line;
  }
}
