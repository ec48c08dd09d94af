package io.podwire.testkit.statistics;

import java.util.Arrays;
import java.util.BitSet;

/** What the receiver saw of one stream. Not thread-safe. */
final class Arrivals {

  private final int sent;
  private final int[] copies;
  private long[] oneWay;
  private long[] arrived;
  private int count;
  private int damaged;

  Arrivals(int sent) {
    this.sent = sent;
    this.copies = new int[sent];
    this.oneWay = new long[sent];
    this.arrived = new long[sent];
  }

  void add(int index, long sentNanos, long arrivedNanos, boolean intact) {
    if (!intact || index < 0 || index >= sent) {
      damaged++;
      return;
    }
    if (count == oneWay.length) {
      oneWay = Arrays.copyOf(oneWay, 2 * count);
      arrived = Arrays.copyOf(arrived, 2 * count);
    }
    copies[index]++;
    oneWay[count] = arrivedNanos - sentNanos;
    arrived[count++] = arrivedNanos;
  }

  int sent() {
    return sent;
  }

  /** Datagrams that arrived intact, copies included. */
  int count() {
    return count;
  }

  /** Datagrams that arrived with other octets than were sent. */
  int damaged() {
    return damaged;
  }

  /** The numbers of those that never came. */
  BitSet missing() {
    BitSet missing = new BitSet(sent);
    for (int i = 0; i < sent; i++) {
      missing.set(i, copies[i] == 0);
    }
    return missing;
  }

  /** Datagrams that came more than once. */
  int repeated() {
    return (int) Arrays.stream(copies).filter(times -> times > 1).count();
  }

  /** From sending to arrival, nanoseconds, in the order of arrival. */
  long[] oneWayNanos() {
    return Arrays.copyOf(oneWay, count);
  }

  /** When each arrived, in order. */
  long[] arrivedNanos() {
    return Arrays.copyOf(arrived, count);
  }
}
