package io.podwire.netstack.filter;

import org.jspecify.annotations.Nullable;

/**
 * Connections without an answer, oldest first: a list through the connections themselves.
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
final class UnansweredQueue {

  private @Nullable Connection oldest;
  private @Nullable Connection newest;

  /** The one that has waited longest, or null. */
  @Nullable Connection oldest() {
    return oldest;
  }

  void add(Connection connection) {
    Connection last = newest;
    connection.older = last;
    if (last == null) {
      oldest = connection;
    } else {
      last.newer = connection;
    }
    newest = connection;
  }

  /** Takes a connection out; nothing where it is not in. */
  void remove(Connection connection) {
    Connection before = connection.older;
    Connection after = connection.newer;
    if (before != null) {
      before.newer = after;
    } else if (oldest == connection) {
      oldest = after;
    }
    if (after != null) {
      after.older = before;
    } else if (newest == connection) {
      newest = before;
    }
    connection.older = null;
    connection.newer = null;
  }
}
