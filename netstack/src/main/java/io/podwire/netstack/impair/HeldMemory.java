package io.podwire.netstack.impair;

/**
 * The memory that all held packets of a node may take together, whatever limits their faults have:
 * a fault must not end the agent that is to end it.
 *
 * <p>Free buffers count as well. A packet that need not wait is lost to it only by a token bucket.
 * Not thread-safe; confined to the node's event loop.
 */
public final class HeldMemory {

  private final long limitBytes;
  private long usedBytes;

  /**
   * @param limitBytes that may be used; one packet for each fault may come on top of it
   */
  public HeldMemory(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /** Without a limit. */
  public static HeldMemory unlimited() {
    return new HeldMemory(Long.MAX_VALUE);
  }

  void take(int bytes) {
    usedBytes += bytes;
  }

  void giveBack(int bytes) {
    usedBytes -= bytes;
  }

  boolean hasRoom(int bytes) {
    return usedBytes + bytes <= limitBytes;
  }

  boolean isOver() {
    return usedBytes > limitBytes;
  }

  /** Octets of all buffers, those that are free included. */
  public long usedBytes() {
    return usedBytes;
  }
}
