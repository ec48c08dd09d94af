package io.podwire.dns.corefile;

import java.util.List;

/**
 * One use of a plugin in a server block.
 *
 * @param head the plugin's name and its arguments
 * @param options the lines between its braces
 */
public record Directive(Line head, List<Line> options) {
  public Directive {
    options = List.copyOf(options);
  }

  public String name() {
    return head.name();
  }
}
