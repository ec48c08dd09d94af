package io.podwire.netstack.impair.model;

/**
 * The random numbers of one fault on one link: a pure function of seed, link, direction, stream and
 * packet index, so that a decision does not depend on which others were taken, or when.
 *
 * <p>A counter-based generator with the finalizer of SplitMix64 (Steele, Lea, Flood: Fast
 * splittable pseudorandom number generators, 2014). Immutable and thread-safe.
 */
public final class Draws {

  /** One more than the largest number that {@link #uint32} draws. */
  public static final long RANGE = 1L << 32;

  private static final long GOLDEN = 0x9e37_79b9_7f4a_7c15L;
  private static final long FNV_OFFSET = 0xcbf2_9ce4_8422_2325L;
  private static final long FNV_PRIME = 0x100_0000_01b3L;

  private final long base;

  public Draws(long seed, String link, String direction) {
    base = mix(seed ^ mix(hash(hash(FNV_OFFSET, link) * FNV_PRIME, direction)));
  }

  /** 64 random bits. */
  public long bits(Stream stream, long index) {
    return mix(mix(base + stream.number() * GOLDEN) + index * GOLDEN);
  }

  /** A number of 0 to 2^32 - 1. */
  public long uint32(Stream stream, long index) {
    return bits(stream, index) >>> 32;
  }

  /** The bound below which {@link #uint32} stays with this probability. */
  public static long threshold(double probability) {
    return Math.round(probability * RANGE);
  }

  /** A number of 0 to bound - 1, in proportion to the bits. */
  public static long scale(long bits, long bound) {
    return Math.unsignedMultiplyHigh(bits, bound);
  }

  /** Spreads every bit over all. */
  public static long mix(long bits) {
    long mixed = (bits ^ (bits >>> 30)) * 0xbf58_476d_1ce4_e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d0_49bb_1331_11ebL;
    return mixed ^ (mixed >>> 31);
  }

  private static long hash(long start, String text) {
    long hash = start;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * FNV_PRIME;
    }
    return hash;
  }
}
