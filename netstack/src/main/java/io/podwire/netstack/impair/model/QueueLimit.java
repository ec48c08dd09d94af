package io.podwire.netstack.impair.model;

/**
 * netem's {@code limit PACKETS}: how many packets a fault holds; those beyond are dropped.
 *
 * <p>As in netem a duplicate may be one more.
 */
public record QueueLimit(int packets) implements Impairment {

  /** netem's, which every fault without a limit of its own has. */
  public static final QueueLimit DEFAULT = new QueueLimit(1000);

  public QueueLimit {
    Checks.positive("limit", packets);
  }
}
