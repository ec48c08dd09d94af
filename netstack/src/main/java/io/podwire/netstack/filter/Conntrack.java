package io.podwire.netstack.filter;

import io.podwire.netstack.link.DropReason;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.TcpFlags;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Connection tracking after Linux's nf_conntrack: a capped table with both tuples of every
 * connection, timeouts for each protocol and state, ageing by a wheel of one-second slots.
 *
 * <p>Times are milliseconds of any steady clock that never goes back. Not thread-safe; confined to
 * the node's event loop.
 */
public final class Conntrack {

  public static final int DEFAULT_CAPACITY = 262_144;

  static final long UDP_TIMEOUT_MILLIS = 30_000;
  static final long UDP_STREAM_TIMEOUT_MILLIS = 120_000;
  static final long ICMP_TIMEOUT_MILLIS = 30_000;
  static final long GENERIC_TIMEOUT_MILLIS = 600_000;

  private static final int WHEEL_SLOTS = 512;
  private static final long SLOT_MILLIS = 1000;

  private final int capacity;
  private final Map<FlowKey, Connection> connections = new HashMap<>();
  private final List<ArrayDeque<Connection>> wheel = new ArrayList<>(WHEEL_SLOTS);
  private long wheelSecond;
  private int size;

  public Conntrack(int capacity, long nowMillis) {
    this.capacity = capacity;
    this.wheelSecond = nowMillis / SLOT_MILLIS;
    for (int i = 0; i < WHEEL_SLOTS; i++) {
      wheel.add(new ArrayDeque<>());
    }
  }

  /** Finds or begins the packet's connection; the first of the PREROUTING and OUTPUT hooks. */
  public Verdict track(Packet packet, long nowMillis) {
    FlowKey key = packet.key();
    if (packet.isIcmpError()) {
      Connection about = connections.get(packet.quotedAnswer());
      if (about != null && !expired(about, nowMillis)) {
        packet.attach(about, isAnswer(about, packet.quotedAnswer()));
      }
      return Verdict.ACCEPT;
    }
    Connection known = connections.get(key);
    if (known != null && (expired(known, nowMillis) || isReopened(known, packet))) {
      remove(known);
      known = null;
    }
    if (known != null) {
      packet.connection = known;
      packet.reply = isAnswer(known, key);
      refresh(known, packet, nowMillis);
      return Verdict.ACCEPT;
    }
    if (!begins(packet)) {
      return Verdict.ACCEPT;
    }
    if (size >= capacity && !evictUnanswered(nowMillis)) {
      return packet.drop(DropReason.CONNTRACK_FULL);
    }
    packet.connection = new Connection(key);
    return Verdict.ACCEPT;
  }

  /** Enters a new connection once its packet is known to leave; the last of the hooks. */
  public Verdict confirm(Packet packet, long nowMillis) {
    Connection connection = packet.connection;
    if (connection == null || connection.confirmed || packet.related) {
      return Verdict.ACCEPT;
    }
    if (connections.containsKey(connection.answer) || connections.containsKey(connection.original)) {
      return packet.drop(DropReason.CONNTRACK_INVALID);
    }
    connection.confirmed = true;
    connections.put(connection.original, connection);
    connections.put(connection.answer, connection);
    size++;
    refresh(connection, packet, nowMillis);
    schedule(connection, nowMillis);
    return Verdict.ACCEPT;
  }

  /** Whether answers with this tuple would belong to no connection yet. */
  boolean isAnswerFree(FlowKey answer) {
    return !connections.containsKey(answer);
  }

  /** The connection of a tuple in either direction, or null. */
  public @Nullable Connection lookup(FlowKey key) {
    return connections.get(key);
  }

  public int size() {
    return size;
  }

  /** Every connection once, oldest order not kept. */
  public Collection<Connection> connections() {
    return new LinkedHashSet<>(connections.values());
  }

  /** Forgets connections, as kube-proxy does with the UDP flows of a removed endpoint. */
  public int removeIf(Predicate<Connection> stale) {
    List<Connection> gone = connections().stream().filter(stale).toList();
    gone.forEach(this::remove);
    return gone.size();
  }

  /** Removes what has expired; costs what is due, not what exists. */
  public void age(long nowMillis) {
    long second = nowMillis / SLOT_MILLIS;
    // A slot comes round after a whole turn at the latest.
    long from = Math.max(wheelSecond + 1, second - WHEEL_SLOTS + 1);
    for (long tick = from; tick <= second; tick++) {
      ArrayDeque<Connection> slot = wheel.get((int) (tick % WHEEL_SLOTS));
      for (int i = slot.size(); i > 0; i--) {
        Connection connection = slot.removeFirst();
        if (connection.removed) {
          continue;
        }
        if (expired(connection, nowMillis)) {
          remove(connection);
        } else {
          schedule(connection, nowMillis);
        }
      }
    }
    wheelSecond = Math.max(wheelSecond, second);
  }

  private void schedule(Connection connection, long nowMillis) {
    long now = nowMillis / SLOT_MILLIS;
    long due = connection.deadlineMillis / SLOT_MILLIS + 1;
    long tick = Math.min(Math.max(due, now + 1), now + WHEEL_SLOTS - 1);
    wheel.get((int) (tick % WHEEL_SLOTS)).addLast(connection);
  }

  private void refresh(Connection connection, Packet packet, long nowMillis) {
    connection.answered |= packet.reply;
    connection.deadlineMillis = nowMillis + timeoutMillis(connection, packet);
  }

  private static long timeoutMillis(Connection connection, Packet packet) {
    return switch (connection.original.protocol) {
      case IpProtocol.TCP -> {
        if (!packet.isLaterFragment()) {
          connection.tcpState = connection.tcpState.after(packet.tcp(), packet.reply);
        }
        yield connection.tcpState.timeoutMillis();
      }
      case IpProtocol.UDP -> connection.answered ? UDP_STREAM_TIMEOUT_MILLIS : UDP_TIMEOUT_MILLIS;
      case IpProtocol.ICMP -> ICMP_TIMEOUT_MILLIS;
      default -> GENERIC_TIMEOUT_MILLIS;
    };
  }

  private static boolean isAnswer(Connection connection, FlowKey key) {
    return !connection.original.equals(key);
  }

  private static boolean expired(Connection connection, long nowMillis) {
    return nowMillis >= connection.deadlineMillis;
  }

  /** A SYN on the tuple of a connection that has ended begins a new one, with a new backend. */
  private static boolean isReopened(Connection known, Packet packet) {
    return packet.key().protocol == IpProtocol.TCP
        && !packet.isLaterFragment()
        && packet.tcp().has(TcpFlags.SYN)
        && !packet.tcp().has(TcpFlags.ACK)
        && (known.tcpState == TcpState.TIME_WAIT || known.tcpState == TcpState.CLOSE)
        && known.original.equals(packet.key());
  }

  /** Whether a packet of no known connection begins one. */
  private static boolean begins(Packet packet) {
    return switch (packet.key().protocol) {
      case IpProtocol.ICMP -> packet.key().destinationPort == FlowKey.ECHO_REQUEST;
      case IpProtocol.TCP -> !packet.tcp().has(TcpFlags.RST);
      default -> true;
    };
  }

  private boolean evictUnanswered(long nowMillis) {
    // Look only at the slots that are due soonest: short-lived connections are there.
    for (int i = 1; i < WHEEL_SLOTS; i++) {
      ArrayDeque<Connection> slot =
          wheel.get((int) ((nowMillis / SLOT_MILLIS + i) % WHEEL_SLOTS));
      for (Connection connection : slot) {
        if (!connection.removed && !connection.answered) {
          remove(connection);
          return true;
        }
      }
    }
    return false;
  }

  private void remove(Connection connection) {
    if (!connection.removed) {
      connection.removed = true;
      connections.remove(connection.original);
      connections.remove(connection.answer);
      size--;
    }
  }
}
