package io.podwire.cluster.fault;

/** Ports from the first to the last, both included. */
public record PortRange(int first, int last) {

  public PortRange {
    if (first < 0 || first > last || last > 0xffff) {
      throw new IllegalArgumentException("no range of ports: " + first + "-" + last);
    }
  }

  @Override
  public String toString() {
    return first == last ? Integer.toString(first) : first + "-" + last;
  }
}
