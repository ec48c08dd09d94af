package io.podwire.packet.filter;

/** A filter expression that is wrong; the message names the place and what is known. */
public final class FilterSyntaxException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  FilterSyntaxException(String expression, int at, String problem) {
    super("filter \"" + expression + "\": " + problem + " at character " + (at + 1));
  }
}
