package io.podwire.netstack.impair.stream;

import io.podwire.netstack.impair.Direction;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The connections of a link, the one that was longest silent first; bounded. Not thread-safe. */
final class ConnectionTable {
  static final int MAX = 65_536;

  /** Silent for so long, a connection begins anew with its next segment. */
  private static final long IDLE_NANOS = 3_600_000_000_000L;

  private final Map<Tuple, StreamConnection> connections = new LinkedHashMap<>(16, 0.75f, true);
  private final Tuple probe;

  ConnectionTable(long seed) {
    probe = new Tuple(seed);
  }

  @Nullable StreamConnection find(SegmentView segment, Direction direction) {
    probe.set(segment, direction);
    return connections.get(probe);
  }

  /** Enters the connection of a segment, in the place of an earlier one. */
  StreamConnection add(SegmentView segment, Direction direction) {
    probe.set(segment, direction);
    Tuple tuple = probe.copy();
    StreamConnection added = new StreamConnection(tuple, segment, direction);
    connections.put(tuple, added);
    return added;
  }

  /** Takes the one longest silent out where there are too many. */
  @Nullable StreamConnection overflow() {
    return connections.size() > MAX ? removeFirst() : null;
  }

  /** Takes one out that has been silent for too long. */
  @Nullable StreamConnection idle(long nowNanos) {
    if (connections.isEmpty()) {
      return null;
    }
    StreamConnection first = connections.values().iterator().next();
    return nowNanos - first.lastSeen > IDLE_NANOS ? removeFirst() : null;
  }

  private StreamConnection removeFirst() {
    Iterator<StreamConnection> all = connections.values().iterator();
    StreamConnection first = all.next();
    all.remove();
    return first;
  }

  void forEach(Consumer<StreamConnection> action) {
    new ArrayList<>(connections.values()).forEach(action);
  }

  void clear() {
    connections.clear();
  }
}
