package io.podwire.netstack.impair.model;

/**
 * Which question a random number answers; each has its own sequence.
 *
 * <p>Their numbers are part of what a seed means: they stay as they are.
 */
public enum Stream {
  LOSS(1),
  LOSS_REPEAT(2),
  /** The second question of models with states: whether this packet is lost. */
  LOSS_IN_STATE(3),
  DUPLICATE(4),
  DUPLICATE_REPEAT(5),
  CORRUPT(6),
  CORRUPT_REPEAT(7),
  CORRUPT_BIT(8),
  REORDER(9),
  REORDER_REPEAT(10),
  DELAY(11),
  DELAY_REPEAT(12),
  SLOT(13);

  private final long number;

  Stream(long number) {
    this.number = number;
  }

  long number() {
    return number;
  }
}
