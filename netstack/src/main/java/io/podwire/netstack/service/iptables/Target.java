package io.podwire.netstack.service.iptables;

import io.podwire.netstack.service.Backend;
import io.podwire.netstack.service.RuleNames;

/** What a rule does with a packet that matches, and how {@code iptables-save} writes it. */
sealed interface Target {

  String text();

  /** Goes on in another chain, and behind the rule where that has come to no end. */
  record Jump(Chain chain) implements Target {
    @Override
    public String text() {
      return " -j " + chain.name();
    }
  }

  /** Replaces the destination. */
  record Dnat(Backend backend) implements Target {
    @Override
    public String text() {
      return " -j DNAT --to-destination " + RuleNames.socket(backend.address(), backend.port());
    }
  }

  /** Those that need no more than their name. */
  enum Plain implements Target {
    /** Nothing: the rule is there to be read. */
    NONE(""),
    MARK_MASQUERADE(" -j MARK --set-xmark 0x4000/0x4000"),
    DROP(" -j DROP"),
    REJECT(" -j REJECT --reject-with icmp-port-unreachable");

    private final String text;

    Plain(String text) {
      this.text = text;
    }

    @Override
    public String text() {
      return text;
    }
  }
}
