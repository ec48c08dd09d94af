package io.podwire.netstack.impair.model;

import io.podwire.netstack.link.DropReason;

/** Which part of a fault a packet was lost to. */
public enum LossCause {
  RANDOM(DropReason.FAULT_LOSS),
  FOUR_STATE(DropReason.FAULT_LOSS),
  GILBERT_ELLIOTT(DropReason.FAULT_LOSS),
  NTH(DropReason.FAULT_LOSS),
  PARTITION(DropReason.FAULT_PARTITION),
  FLAP(DropReason.FAULT_FLAP),
  MTU(DropReason.FAULT_MTU),
  HOLD_OVERFLOW(DropReason.FAULT_QUEUE_FULL),
  QUEUE_LIMIT(DropReason.FAULT_QUEUE_FULL),
  TOKEN_BUCKET(DropReason.FAULT_TOKEN_BUCKET);

  private final DropReason reason;

  LossCause(DropReason reason) {
    this.reason = reason;
  }

  public DropReason reason() {
    return reason;
  }
}
