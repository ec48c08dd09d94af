package io.podwire.netstack.impair;

/** Ports of TCP, UDP or SCTP from one to another, both included. Immutable and thread-safe. */
public record PortRange(int first, int last) {

  private static final int MAX = 0xffff;

  public PortRange {
    if (first < 0 || last > MAX || last < first) {
      throw new IllegalArgumentException(
          "ports " + first + "-" + last + " must be within 0-65535, the lower one first");
    }
  }

  /** The range of one port. */
  public static PortRange of(int port) {
    return new PortRange(port, port);
  }

  public boolean contains(int port) {
    return port >= first && port <= last;
  }
}
