package io.podwire.netstack.impair.model;

/**
 * tc-tbf's token bucket: packets leave while there are tokens for their octets.
 *
 * @param bitsPerSecond at which tokens come
 * @param burstBytes tokens that the bucket holds, tc's {@code buffer}; a larger packet never leaves
 *     and is dropped
 * @param limitBytes octets that may wait for tokens; packets beyond are dropped
 * @param peakBitsPerSecond at which the bucket may be emptied at most; 0 for no such limit
 * @param minBurstBytes the bucket of the peak rate, tc's {@code minburst} or {@code mtu}
 */
public record TokenBucket(
    long bitsPerSecond,
    long burstBytes,
    long limitBytes,
    long peakBitsPerSecond,
    long minBurstBytes)
    implements Impairment {

  private static final long BIT_NANOS = 8_000_000_000L;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  /** So that octets times nanoseconds of a bit fit a long. */
  private static final long MAX_BYTES = 1_000_000_000L;

  public TokenBucket {
    Checks.positive("rate", bitsPerSecond);
    Checks.positive("buffer", burstBytes);
    Checks.positive("limit", limitBytes);
    Checks.notNegative("peakrate", peakBitsPerSecond);
    Checks.notNegative("minburst", minBurstBytes);
    if (burstBytes > MAX_BYTES || minBurstBytes > MAX_BYTES) {
      throw new IllegalArgumentException("buffer and minburst must be 1 GB at most");
    }
    if (peakBitsPerSecond > 0 && peakBitsPerSecond < bitsPerSecond) {
      throw new IllegalArgumentException(
          "peakrate " + peakBitsPerSecond + " bit/s is below rate " + bitsPerSecond + " bit/s");
    }
    if (peakBitsPerSecond > 0 && minBurstBytes == 0) {
      throw new IllegalArgumentException("peakrate needs minburst");
    }
  }

  public TokenBucket(long bitsPerSecond, long burstBytes, long limitBytes) {
    this(bitsPerSecond, burstBytes, limitBytes, 0, 0);
  }

  /** As tc's {@code latency}: the limit is what leaves in that time, and the bucket. */
  public static TokenBucket withLatency(long bitsPerSecond, long burstBytes, long latencyNanos) {
    double waiting = (double) bitsPerSecond / 8 * latencyNanos / NANOS_PER_SECOND;
    return new TokenBucket(bitsPerSecond, burstBytes, (long) waiting + burstBytes);
  }

  public Process start() {
    return new Process(this);
  }

  /** The longest packet that can leave. */
  public long longestPacket() {
    return peakBitsPerSecond == 0 ? burstBytes : Math.min(burstBytes, minBurstBytes);
  }

  private static long nanos(long octets, long bitsPerSecond) {
    return octets * BIT_NANOS / bitsPerSecond;
  }

  /** The two buckets, in nanoseconds of their rates as in the kernel. Not thread-safe. */
  public static final class Process {

    private final TokenBucket model;
    private final long capacity;
    private final long peakCapacity;
    private long tokens;
    private long peakTokens;
    private long atNanos;
    private boolean started;

    Process(TokenBucket model) {
      this.model = model;
      capacity = nanos(model.burstBytes, model.bitsPerSecond);
      peakCapacity =
          model.peakBitsPerSecond == 0 ? 0 : nanos(model.minBurstBytes, model.peakBitsPerSecond);
      tokens = capacity;
      peakTokens = peakCapacity;
    }

    /** When a packet leaves that comes behind all those asked for before it. */
    public long departure(int length, long nowNanos) {
      long from = started ? Math.max(nowNanos, atNanos) : nowNanos;
      long passed = started ? from - atNanos : 0;
      started = true;
      long cost = nanos(length, model.bitsPerSecond);
      boolean peaked = model.peakBitsPerSecond > 0;
      long peakCost = peaked ? nanos(length, model.peakBitsPerSecond) : 0;
      tokens = Math.min(capacity, tokens + passed);
      peakTokens = Math.min(peakCapacity, peakTokens + passed);
      long wait = Math.max(0, Math.max(cost - tokens, peakCost - peakTokens));
      tokens = Math.min(capacity, tokens + wait) - cost;
      peakTokens = Math.min(peakCapacity, peakTokens + wait) - peakCost;
      atNanos = from + wait;
      return atNanos;
    }
  }
}
