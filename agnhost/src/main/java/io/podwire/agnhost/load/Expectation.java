package io.podwire.agnhost.load;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an answer has to hold.
 *
 * @param pattern null where everything will do
 */
record Expectation(@Nullable Pattern pattern) {
  private static final int MOST = 200;

  static Expectation of(String expression) {
    return new Expectation(
        expression.isEmpty() ? null : Pattern.compile(expression, Pattern.MULTILINE));
  }

  /** What the pattern finds; the answer's own first line where there is no pattern. */
  String judge(String answer) throws WrongAnswer {
    if (pattern == null) {
      return firstLine(answer);
    }
    Matcher found = pattern.matcher(answer);
    if (!found.find()) {
      throw new WrongAnswer("unexpected: " + firstLine(answer));
    }
    return firstLine(found.group());
  }

  private static String firstLine(String text) {
    String line = text.lines().findFirst().orElse("").strip();
    return line.length() > MOST ? line.substring(0, MOST) : line;
  }
}
