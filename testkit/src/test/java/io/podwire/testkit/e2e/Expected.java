package io.podwire.testkit.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a number or text is to be: {@code 3}, {@code 2..5}, {@code '>= 20'}, {@code yes} (there is
 * one at least), {@code no}, or any other text as it is.
 */
record Expected(String text) {

  private static final Pattern RANGE = Pattern.compile("([\\d.]+?)\\.\\.([\\d.]+)");
  private static final Pattern LEAST = Pattern.compile(">= *([\\d.]+)");
  private static final Pattern NUMBER = Pattern.compile("\\d+(\\.\\d+)?");

  static Expected of(JsonNode node) {
    return new Expected(node.isBoolean() ? node.booleanValue() ? "yes" : "no" : node.asText());
  }

  boolean fits(String value) {
    if (NUMBER.matcher(value).matches()) {
      double number = Double.parseDouble(value);
      Matcher range = RANGE.matcher(text);
      if (range.matches()) {
        return number >= Double.parseDouble(range.group(1))
            && number <= Double.parseDouble(range.group(2));
      }
      Matcher least = LEAST.matcher(text);
      if (least.matches()) {
        return number >= Double.parseDouble(least.group(1));
      }
      if (NUMBER.matcher(text).matches()) {
        return number == Double.parseDouble(text);
      }
      return text.equals("yes") ? number > 0 : text.equals("no") && number == 0;
    }
    return text.equals(value);
  }

  /** What is wrong with what was printed; empty where nothing is. */
  static Optional<String> problem(String expression, Expected expected, String printed) {
    Matcher matcher = Pattern.compile(expression, Pattern.MULTILINE).matcher(printed);
    List<String> found = new ArrayList<>();
    while (matcher.find()) {
      found.add(matcher.groupCount() > 0 ? matcher.group(1) : matcher.group());
    }
    boolean fits =
        matcher.groupCount() > 0
            ? !found.isEmpty() && found.stream().allMatch(expected::fits)
            : expected.fits(Integer.toString(found.size()));
    return fits
        ? Optional.empty()
        : Optional.of("'" + expression + "' is to be " + expected.text() + ", found " + found);
  }
}
