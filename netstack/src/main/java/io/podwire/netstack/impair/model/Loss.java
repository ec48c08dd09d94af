package io.podwire.netstack.impair.model;

/** Packets are lost by one of several models: netem's {@code loss} and Pumba's {@code loss}. */
public sealed interface Loss extends Impairment
    permits RandomLoss, FourStateLoss, GilbertElliottLoss, NthLoss {

  /** The model at its beginning. */
  Process start(Draws draws);

  /** What a packet's loss is counted as. */
  LossCause cause();

  /** The share of packets that the model loses in the long run, 0-1. */
  double expectedShare();

  /** A model with what it remembers of earlier packets. Not thread-safe. */
  @FunctionalInterface
  interface Process {

    /** Whether the packet is lost; indices have to come in order. */
    boolean loses(long index);
  }
}
