package io.podwire.packet.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The words of a filter expression, one after the other. */
final class FilterTokens {

  /** Longer ones are a mistake, and could be nested too deep. */
  private static final int MAX_LENGTH = 2000;

  private static final String SINGLE = "()!";

  /** A word and where it begins. */
  record Token(String text, int at) {}

  private final String expression;
  private final List<Token> tokens = new ArrayList<>();
  private int next;

  FilterTokens(String expression) {
    this.expression = expression;
    if (expression.length() > MAX_LENGTH) {
      throw new FilterSyntaxException(
          expression.substring(0, 20) + "…",
          MAX_LENGTH,
          "more than " + MAX_LENGTH + " characters, cut off");
    }
    for (int at = 0; at < expression.length(); ) {
      at = isBlank(at) ? at + 1 : add(at);
    }
  }

  private int add(int at) {
    int end = at + 1;
    if (isOperator(at)) {
      end = at + 2;
    } else if (SINGLE.indexOf(expression.charAt(at)) < 0) {
      while (end < expression.length()
          && !isBlank(end)
          && !isOperator(end)
          && SINGLE.indexOf(expression.charAt(end)) < 0) {
        end++;
      }
    }
    String word = expression.substring(at, end).toLowerCase(Locale.ROOT);
    tokens.add(new Token(plain(word), at));
    return end;
  }

  private static String plain(String word) {
    return switch (word) {
      case "&&" -> "and";
      case "||" -> "or";
      case "!" -> "not";
      default -> word;
    };
  }

  private boolean isBlank(int at) {
    return Character.isWhitespace(expression.charAt(at));
  }

  private boolean isOperator(int at) {
    return expression.startsWith("&&", at) || expression.startsWith("||", at);
  }

  /** The next word; empty at the end. */
  String peek() {
    return peek(0);
  }

  /** The word that many places further. */
  String peek(int further) {
    return next + further < tokens.size() ? tokens.get(next + further).text() : "";
  }

  /** Takes the next word where it is this one. */
  boolean take(String word) {
    boolean there = peek().equals(word);
    if (there) {
      next++;
    }
    return there;
  }

  String take() {
    return tokens.get(next++).text();
  }

  boolean atEnd() {
    return next == tokens.size();
  }

  /** A complaint about the next word. */
  FilterSyntaxException wrong(String problem) {
    int at = atEnd() ? expression.length() : tokens.get(next).at();
    return new FilterSyntaxException(expression, at, problem);
  }

  /** A complaint about the word taken last. */
  FilterSyntaxException wrongBefore(String problem) {
    return new FilterSyntaxException(expression, tokens.get(next - 1).at(), problem);
  }
}
