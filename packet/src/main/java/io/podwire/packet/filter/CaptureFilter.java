package io.podwire.packet.filter;

/**
 * A condition on packets, as pcap-filter(7) words it: {@code host}, {@code net}, {@code port},
 * {@code portrange} with {@code src}, {@code dst} and protocols, joined by {@code and}, {@code or},
 * {@code not} and parentheses.
 *
 * <p>As there, {@code and} and {@code or} bind alike, from left to right, and a value without a
 * keyword takes the keywords of the one before. Immutable and thread-safe.
 */
public final class CaptureFilter {

  /** Takes every packet. */
  public static final CaptureFilter ALL = new CaptureFilter("", headers -> true);

  /** A part of the condition. */
  @FunctionalInterface
  interface Condition {
    boolean matches(FrameHeaders headers);
  }

  private final String expression;
  private final Condition condition;

  private CaptureFilter(String expression, Condition condition) {
    this.expression = expression;
    this.condition = condition;
  }

  /**
   * Reads an expression; an empty one takes every packet.
   *
   * @throws FilterSyntaxException naming the place and what is known
   */
  public static CaptureFilter parse(String expression) {
    return expression.trim().isEmpty()
        ? ALL
        : new CaptureFilter(expression, new FilterParser(expression).parse());
  }

  public boolean matches(FrameHeaders headers) {
    return condition.matches(headers);
  }

  @Override
  public String toString() {
    return expression;
  }
}
