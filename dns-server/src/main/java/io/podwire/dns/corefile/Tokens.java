package io.podwire.dns.corefile;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Cuts a text into words: white space between them, double quotes around those that have some, and
 * {@code #} before a comment; {@code {$NAME}} and {@code {%NAME%}} stand for the environment's.
 */
final class Tokens {
  private final String text;
  private final String file;
  private final Map<String, String> environment;
  private final Problems problems;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int line = 1;
  private boolean begins = true;

  private Tokens(String text, String file, Map<String, String> environment, Problems problems) {
    this.text = text;
    this.file = file;
    this.environment = environment;
    this.problems = problems;
  }

  /** All words of a text; whatever is wrong adds to the problems. */
  static List<Token> of(
      String text, String file, Map<String, String> environment, Problems problems) {
    Tokens reader = new Tokens(text, file, environment, problems);
    reader.read();
    return reader.tokens;
  }

  private void read() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\n') {
        line++;
        at++;
        begins = true;
      } else if (Character.isWhitespace(c) || c == '\ufeff') {
        at++;
      } else if (c == '#') {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end;
      } else if (c == '"') {
        quoted();
      } else {
        plain();
      }
    }
  }

  private void plain() {
    int start = at;
    while (at < text.length() && !Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    add(text.substring(start, at), line, false);
  }

  private void quoted() {
    int began = line;
    StringBuilder content = new StringBuilder();
    at++;
    while (at < text.length() && text.charAt(at) != '"') {
      char c = text.charAt(at++);
      if (c == '\\' && at < text.length() && text.charAt(at) == '"') {
        c = text.charAt(at++);
      } else if (c == '\n') {
        line++;
      }
      content.append(c);
    }
    if (at == text.length()) {
      problems.add(
          new Token("", file, began, true, begins), "the quotes that open here never close");
      return;
    }
    at++;
    add(content.toString(), began, true);
  }

  private void add(String word, int where, boolean quoted) {
    String filled = filled(filled(word, "{$", "}"), "{%", "%}");
    // A variable that is not set, or is empty, leaves nothing behind, as if it were not there.
    if (!filled.isEmpty() || quoted || word.isEmpty()) {
      tokens.add(new Token(filled, file, where, quoted, begins));
      begins = false;
    }
  }

  private String filled(String word, String open, String close) {
    StringBuilder filled = new StringBuilder();
    int from = 0;
    while (true) {
      int start = word.indexOf(open, from);
      int end = start < 0 ? -1 : word.indexOf(close, start + open.length());
      if (end < 0) {
        return filled.append(word.substring(from)).toString();
      }
      String name = word.substring(start + open.length(), end);
      filled.append(word, from, start).append(environment.getOrDefault(name, ""));
      from = end + close.length();
    }
  }
}
