package io.podwire.dns.fault;

import io.podwire.packet.addr.IpAddress;

/**
 * Decides by lot as a function of the seed, the client and the number of its query, so that the
 * same queries meet the same decisions.
 */
final class Lot {
  private static final long GAMMA = 0x9e37_79b9_7f4a_7c15L;
  private static final double UNIT = 0x1.0p-53;

  private Lot() {}

  /** A number that stands for one query of one client. */
  static long draw(long seed, IpAddress client, long index) {
    return mix(mix(mix(mix(seed + GAMMA) ^ client.high()) ^ client.low()) ^ index);
  }

  /** The next number after one that was drawn. */
  static long next(long drawn) {
    return mix(drawn + GAMMA);
  }

  /** Whether what happens with this probability happens. */
  static boolean hits(long drawn, double probability) {
    return (drawn >>> 11) * UNIT < probability;
  }

  /** SplitMix64's finisher. */
  static long mix(long value) {
    long mixed = (value ^ value >>> 30) * 0xbf58_476d_1ce4_e5b9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94d0_49bb_1331_11ebL;
    return mixed ^ mixed >>> 31;
  }
}
