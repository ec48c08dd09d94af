package io.podwire.netstack.filter;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Connections by the second in which they are to be looked at again: a wheel of one-second slots,
 * each a list through the connections themselves, so that one that ends early leaves nothing
 * behind.
 *
 * <p>Times are milliseconds of any steady clock. Not thread-safe; confined to the node's event
 * loop.
 */
final class ExpiryWheel {

  /** The second of a connection that is not on the wheel. */
  static final long NEVER = Long.MIN_VALUE;

  private static final int SLOTS = 512;
  private static final long SLOT_MILLIS = 1000;

  private final @Nullable Connection[] heads = new @Nullable Connection[SLOTS];
  private long doneSecond;

  ExpiryWheel(long nowMillis) {
    doneSecond = second(nowMillis);
  }

  /**
   * Enters a connection by its deadline; one beyond the wheel comes up earlier, to be entered anew.
   */
  void add(Connection connection, long nowMillis) {
    long now = second(nowMillis);
    long due = second(connection.deadlineMillis) + 1;
    connection.wheelSecond = Math.min(Math.max(due, now + 1), now + SLOTS - 1);
    int slot = slot(connection.wheelSecond);
    Connection head = heads[slot];
    connection.previous = null;
    connection.next = head;
    if (head != null) {
      head.previous = connection;
    }
    heads[slot] = connection;
  }

  /** Moves a connection whose deadline has come nearer; a later one is seen when it comes up. */
  void hasten(Connection connection, long nowMillis) {
    if (connection.wheelSecond > second(connection.deadlineMillis) + 1) {
      remove(connection);
      add(connection, nowMillis);
    }
  }

  void remove(Connection connection) {
    if (connection.wheelSecond == NEVER) {
      return;
    }
    Connection next = connection.next;
    Connection previous = connection.previous;
    if (next != null) {
      next.previous = previous;
    }
    if (previous != null) {
      previous.next = next;
    } else {
      heads[slot(connection.wheelSecond)] = next;
    }
    unlink(connection);
  }

  /** Takes off the wheel what has come up since the last call, however long ago that was. */
  void advance(long nowMillis, Consumer<Connection> due) {
    long now = second(nowMillis);
    // A slot comes round after a whole turn at the latest.
    for (long tick = Math.max(doneSecond + 1, now - SLOTS + 1); tick <= now; tick++) {
      int slot = slot(tick);
      Connection connection = heads[slot];
      heads[slot] = null;
      while (connection != null) {
        Connection next = connection.next;
        unlink(connection);
        due.accept(connection);
        connection = next;
      }
    }
    doneSecond = Math.max(doneSecond, now);
  }

  private static void unlink(Connection connection) {
    connection.wheelSecond = NEVER;
    connection.next = null;
    connection.previous = null;
  }

  private static long second(long millis) {
    return Math.floorDiv(millis, SLOT_MILLIS);
  }

  private static int slot(long second) {
    return Math.floorMod(second, SLOTS);
  }
}
