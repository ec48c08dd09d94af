package io.podwire.cluster.fault;

import java.time.Duration;

/**
 * What is done to single packets on a link, in the terms of tc-netem(8) and tc-tbf(8).
 *
 * <p>Probabilities and correlations are fractions from 0 to 1. The order in which several act on
 * one packet does not depend on the order in which they are written.
 */
public sealed interface PacketEffect {

  /** How a delay's jitter is spread around the latency. */
  enum Distribution {
    UNIFORM,
    NORMAL,
    PARETO,
    PARETONORMAL
  }

  /** {@code delay TIME [JITTER [CORR]] [distribution D]}; one way. */
  record Delay(Duration latency, Duration jitter, double correlation, Distribution distribution)
      implements PacketEffect {}

  /** {@code loss random P [CORR]}. */
  record RandomLoss(double probability, double correlation) implements PacketEffect {}

  /** {@code loss state}: the four-state Markov model, with netem's names of the transitions. */
  record StateLoss(double p13, double p31, double p32, double p23, double p14)
      implements PacketEffect {}

  /**
   * {@code loss gemodel P R 1-H 1-K}: Gilbert-Elliott.
   *
   * @param p from good to bad
   * @param r from bad to good
   * @param lossInBad 1-h
   * @param lossInGood 1-k
   */
  record GilbertElliottLoss(double p, double r, double lossInBad, double lossInGood)
      implements PacketEffect {}

  /** Of every {@code every} packets the one numbered {@code packet}, from 0, is lost. */
  record NthLoss(int every, int packet) implements PacketEffect {}

  /** {@code ecn}: a loss marks packets that can carry the mark (RFC 3168) instead. */
  record EcnMarking() implements PacketEffect {}

  /** {@code corrupt P [CORR]}: one bit is turned. */
  record Corruption(double probability, double correlation) implements PacketEffect {}

  /** {@code duplicate P [CORR]}. */
  record Duplication(double probability, double correlation) implements PacketEffect {}

  /** {@code reorder P [CORR] [gap N]}: these packets pass those that are delayed. */
  record Reordering(double probability, double correlation, int gap) implements PacketEffect {}

  /** {@code rate R [OVERHEAD [CELLSIZE [CELLOVERHEAD]]]}, octets. */
  record Rate(long bitsPerSecond, int packetOverhead, int cellSize, int cellOverhead)
      implements PacketEffect {}

  /**
   * {@code tbf}: a token bucket.
   *
   * @param limitBytes that wait for tokens at most
   * @param bufferBytes the bucket
   * @param peakBitsPerSecond 0 for none
   * @param minburstBytes the peak's bucket
   */
  record TokenBucket(
      long bitsPerSecond,
      long limitBytes,
      long bufferBytes,
      long peakBitsPerSecond,
      int minburstBytes)
      implements PacketEffect {}

  /** {@code slot MIN [MAX] [packets N] [bytes N]}; 0 for no bound. */
  record Slot(Duration min, Duration max, int packets, int bytes) implements PacketEffect {}

  /** {@code limit N}: packets that are held at once; further ones are lost. */
  record Limit(int packets) implements PacketEffect {}

  /** Everything is lost: a partition. */
  record Blackhole() implements PacketEffect {}

  /** IP packets larger than this are lost without an ICMP error. */
  record MtuBlackhole(int mtu) implements PacketEffect {}

  /** Packets wait, in order, until the fault ends. */
  record Hold() implements PacketEffect {}

  /**
   * The link works for one duration and loses everything for the other, in turns, from {@code up}.
   */
  record Flap(Duration up, Duration down) implements PacketEffect {}

  /** The interface has no carrier. */
  record InterfaceDown() implements PacketEffect {}
}
