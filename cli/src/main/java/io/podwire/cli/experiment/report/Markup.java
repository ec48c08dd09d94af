package io.podwire.cli.experiment.report;

import java.util.Locale;

/** Text with tags. Not thread-safe. */
final class Markup {
  private final StringBuilder text = new StringBuilder();

  /** As it is. */
  Markup raw(String more) {
    text.append(more);
    return this;
  }

  /** As a format with numbers, in the same way everywhere. */
  Markup format(String format, Object... arguments) {
    text.append(String.format(Locale.ROOT, format, arguments));
    return this;
  }

  /** Text of others, in which nothing is a tag. */
  Markup text(String more) {
    text.append(escaped(more));
    return this;
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
