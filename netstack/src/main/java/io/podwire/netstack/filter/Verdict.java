package io.podwire.netstack.filter;

/** What a hook function decided. */
public enum Verdict {
  ACCEPT,
  /** Gone without a word; the context holds the reason. */
  DROP,
  /** Refused with a TCP reset or an ICMP port unreachable; the context holds the reason. */
  REJECT,
  /** Answered in its receiver's place; an echo request only. */
  ANSWER
}
