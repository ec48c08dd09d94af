package io.podwire.cli.local;

import java.util.HashSet;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;

/**
 * Starts the agents a few at a time: a hundred JVMs that start together all take as long as the
 * last one, and what they have already promised to answer in time would expire meanwhile.
 *
 * <p>Not thread-safe.
 */
final class AgentQueue {
  /** Enough for every processor to have work while some of the agents wait for an answer. */
  static final int AT_ONCE = Math.max(4, 2 * Runtime.getRuntime().availableProcessors());

  private final int count;
  private final IntConsumer start;
  private final IntPredicate serves;
  private final Set<Integer> starting = new HashSet<>();
  private int started;

  /**
   * @param count of agents; their numbers begin at 1
   * @param serves whether a started agent needs no more of the machine than any other
   */
  AgentQueue(int count, IntConsumer start, IntPredicate serves) {
    this.count = count;
    this.start = start;
    this.serves = serves;
  }

  /** Starts those whose turn has come. */
  void startNext() {
    starting.removeIf(serves::test);
    while (started < count && starting.size() < AT_ONCE) {
      started++;
      starting.add(started);
      start.accept(started);
    }
  }
}
