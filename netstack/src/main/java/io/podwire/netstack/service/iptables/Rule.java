package io.podwire.netstack.service.iptables;

import io.podwire.netstack.service.FirstPacket;
import org.jspecify.annotations.Nullable;

/**
 * A rule of a chain: its conditions in the order in which they are looked at, and its target.
 *
 * <p>It is linked to its neighbours, so that it leaves a long chain without a search. Not
 * thread-safe; confined to the node's event loop.
 */
class Rule {

  final Target target;
  private final Match[] matches;
  @Nullable Rule previous;
  @Nullable Rule next;
  @Nullable Chain chain;

  Rule(Target target, Match... matches) {
    this.target = target;
    this.matches = matches;
  }

  boolean matches(FirstPacket packet) {
    for (Match match : matches) {
      if (!match.matches(packet)) {
        return false;
      }
    }
    return true;
  }

  /** As {@code iptables-save} writes it, without its chain. */
  void print(StringBuilder out) {
    for (Match match : matches) {
      out.append(' ').append(match.text());
    }
    out.append(target.text());
  }
}
