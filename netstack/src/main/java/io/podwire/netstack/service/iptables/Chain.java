package io.podwire.netstack.service.iptables;

import org.jspecify.annotations.Nullable;

/**
 * A chain of rules.
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
final class Chain {

  private final String name;
  private final Rule head = new Rule(Target.Plain.NONE);
  private Rule tail = head;
  private int size;

  Chain(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  int size() {
    return size;
  }

  @Nullable Rule first() {
    return head.next;
  }

  Chain add(Target target, Match... matches) {
    add(new Rule(target, matches));
    return this;
  }

  void add(Rule rule) {
    rule.chain = this;
    rule.previous = tail;
    tail.next = rule;
    tail = rule;
    size++;
  }

  /** Takes out a rule of this chain. */
  void remove(Rule rule) {
    Rule before = rule.previous;
    Rule after = rule.next;
    if (rule.chain != this || before == null) {
      return;
    }
    before.next = after;
    if (after == null) {
      tail = before;
    } else {
      after.previous = before;
    }
    rule.chain = null;
    rule.previous = null;
    rule.next = null;
    size--;
  }

  void print(StringBuilder out) {
    for (Rule rule = first(); rule != null; rule = rule.next) {
      out.append("-A ").append(name);
      rule.print(out);
      out.append('\n');
    }
  }
}
