package io.podwire.netstack.impair.model;

/**
 * Packets are kept until the fault is removed, then all leave in their order: turmoil's hold and
 * release; netem has no counterpart.
 *
 * @param limit packets that are kept; those beyond are dropped
 */
public record Hold(int limit) implements Impairment {

  public Hold {
    Checks.positive("limit of a hold", limit);
  }
}
