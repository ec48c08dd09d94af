package io.podwire.dns.corefile;

import java.util.List;

/**
 * A word and the words after it in the same line: a plugin with its arguments, or one of its
 * options.
 *
 * @param words never empty
 */
public record Line(List<Token> words) {
  public Line {
    words = List.copyOf(words);
  }

  public Token first() {
    return words.get(0);
  }

  public String name() {
    return first().text();
  }

  public List<Token> arguments() {
    return words.subList(1, words.size());
  }
}
