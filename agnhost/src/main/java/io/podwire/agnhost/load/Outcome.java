package io.podwire.agnhost.load;

import java.util.Locale;

/**
 * What came of one request, as a line of JSON (RFC 8259).
 *
 * @param atMillis when it was due, in milliseconds since 1970
 * @param latencyNanos from when it was due to its end: a request that had to wait for a free place
 *     is as late as its user sees it
 * @param result the answer, or a word: TIMEOUT, REFUSED, DNS, or what else was wrong
 */
record Outcome(double atMillis, long latencyNanos, boolean good, String result) {
  private static final double MILLI = 1e6;

  String json() {
    return String.format(
        Locale.ROOT,
        "{\"at\":%.3f,\"ms\":%.3f,\"ok\":%b,\"result\":\"%s\"}",
        atMillis,
        latencyNanos / MILLI,
        good,
        escaped(result));
  }

  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        escaped.append('\\').append(c);
      } else if (c < ' ' || Character.isSurrogate(c)) {
        escaped.append(String.format("\\u%04x", (int) c));
      } else {
        escaped.append(c);
      }
    }
    return escaped.toString();
  }
}
