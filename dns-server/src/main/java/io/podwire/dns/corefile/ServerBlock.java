package io.podwire.dns.corefile;

import java.util.List;

/**
 * Zones and ports with the plugins that answer there.
 *
 * @param at where it begins
 */
public record ServerBlock(Token at, List<ZoneKey> keys, List<Directive> directives) {
  public ServerBlock {
    keys = List.copyOf(keys);
    directives = List.copyOf(directives);
  }
}
