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
  static final int NEVER = Integer.MIN_VALUE;

  private static final int SLOTS = 512;
  private static final long SLOT_MILLIS = 1000;

  private final @Nullable Connection[] heads = new @Nullable Connection[SLOTS];
  private final long startMillis;

  /** Seconds are counted from the start, so that they fit into an int. */
  private int doneSecond;

  /** What is left of a slot that has come up. */
  private @Nullable Connection due;

  ExpiryWheel(long nowMillis) {
    startMillis = nowMillis;
  }

  /**
   * Enters a connection by its deadline; one beyond the wheel comes up earlier, to be entered anew.
   */
  void add(Connection connection, long nowMillis) {
    int now = second(nowMillis);
    int due = second(connection.deadlineMillis) + 1;
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
    } else if (due == connection) {
      due = next;
    } else {
      heads[slot(connection.wheelSecond)] = next;
    }
    connection.wheelSecond = NEVER;
    connection.next = null;
    connection.previous = null;
  }

  /**
   * Takes off the wheel what has come up since the last call, however long ago that was, but no
   * more than so many connections: the next call goes on where this one ends.
   */
  void advance(long nowMillis, int limit, Consumer<Connection> taker) {
    int now = second(nowMillis);
    int taken = 0;
    while (taken < limit) {
      Connection connection = due;
      if (connection != null) {
        remove(connection);
        taker.accept(connection);
        taken++;
      } else if (doneSecond < now) {
        // A slot comes round after a whole turn at the latest.
        doneSecond = Math.max(doneSecond + 1, now - SLOTS + 1);
        due = heads[slot(doneSecond)];
        heads[slot(doneSecond)] = null;
      } else {
        return;
      }
    }
  }

  private int second(long millis) {
    return (int) Math.floorDiv(millis - startMillis, SLOT_MILLIS);
  }

  private static int slot(int second) {
    return Math.floorMod(second, SLOTS);
  }
}
