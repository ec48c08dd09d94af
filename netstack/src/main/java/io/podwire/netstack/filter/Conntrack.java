package io.podwire.netstack.filter;

import io.podwire.netstack.filter.Connection.Tuple;
import io.podwire.netstack.link.DropReason;
import io.podwire.netstack.table.HashTable;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.TcpFlags;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Connection tracking after Linux's nf_conntrack: a capped table with both tuples of every
 * connection, timeouts for each protocol and state, ageing by an {@link ExpiryWheel}.
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

  /** UDP counts as a stream once it has gone on for so long with answers. */
  static final long UDP_STREAM_AFTER_MILLIS = 2_000;

  /** Of TCP picked up in the middle while only one side was heard. */
  static final long TCP_UNACKNOWLEDGED_MILLIS = 300_000;

  /** Connections whose time has come that a tick looks at: about a millisecond's work. */
  private static final int AGED_PER_TICK = 4096;

  /** The same for each new connection: more than one, so that what has ended never piles up. */
  private static final int AGED_PER_CONNECTION = 2;

  private final int capacity;
  private final HashTable<FlowKey, Tuple> tuples;
  private final ExpiryWheel wheel;
  private final Consumer<Connection> lookAgain = this::lookAgain;
  private long agedMillis;

  /** What is given up when the table is full. */
  private final UnansweredQueue unanswered = new UnansweredQueue();

  private int size;
  private long evictions;

  /**
   * An empty table.
   *
   * @param seed unknown to whoever may open connections
   */
  public Conntrack(int capacity, long seed, long nowMillis) {
    this.capacity = capacity;
    this.tuples = new HashTable<FlowKey, Tuple>(seed);
    this.wheel = new ExpiryWheel(nowMillis);
  }

  /** Finds or begins the packet's connection; the first of the PREROUTING and OUTPUT hooks. */
  public Verdict track(Packet packet, long nowMillis) {
    FlowKey key = packet.key();
    if (packet.isIcmpError()) {
      Connection about = live(packet.quotedAnswer(), nowMillis);
      if (about != null) {
        packet.attach(about, isAnswer(about, packet.quotedAnswer()));
      }
      return Verdict.ACCEPT;
    }
    Connection known = live(key, nowMillis);
    if (known != null && isReopened(known, packet)) {
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
    if (size >= capacity && !makeRoom(nowMillis)) {
      return packet.drop(DropReason.CONNTRACK_FULL);
    }
    packet.connection = new Connection(key, nowMillis);
    packet.forbidImitation();
    return Verdict.ACCEPT;
  }

  /** Enters a new connection once its packet is known to leave; the last of the hooks. */
  public Verdict confirm(Packet packet, long nowMillis) {
    Connection connection = packet.connection;
    if (connection == null || connection.confirmed || packet.related) {
      return Verdict.ACCEPT;
    }
    if (!isFree(connection.answer, nowMillis) || !isFree(connection.original, nowMillis)) {
      return packet.drop(DropReason.CONNTRACK_INVALID);
    }
    connection.confirmed = true;
    tuples.add(connection.original);
    // A packet to oneself has but one tuple.
    if (!connection.answer.equals(connection.original)) {
      tuples.add(connection.answer);
    }
    size++;
    connection.began();
    unanswered.add(connection);
    refresh(connection, packet, nowMillis);
    wheel.add(connection, nowMillis);
    age(nowMillis, AGED_PER_CONNECTION);
    return Verdict.ACCEPT;
  }

  /** Whether packets with this tuple belong to no connection yet. */
  boolean isFree(FlowKey key, long nowMillis) {
    return live(key, nowMillis) == null;
  }

  private @Nullable Connection live(FlowKey key, long nowMillis) {
    Tuple tuple = tuples.get(key);
    if (tuple == null) {
      return null;
    }
    Connection connection = tuple.connection;
    if (isExpired(connection, nowMillis) || !connection.isAlive()) {
      remove(connection);
      return null;
    }
    return connection;
  }

  /** The connection of a tuple in either direction, or null. */
  public @Nullable Connection lookup(FlowKey key) {
    Tuple tuple = tuples.get(key);
    return tuple != null && tuple.connection.isAlive() ? tuple.connection : null;
  }

  /** The connections held, with those that have ended but were not come to yet. */
  public int size() {
    return size;
  }

  /** How many connections without an answer were given up for new ones because it was full. */
  public long evictions() {
    return evictions;
  }

  /** Every connection once, oldest order not kept. */
  public Collection<Connection> connections() {
    return matching(Connection::isAlive);
  }

  /** Forgets connections; costs what exists. */
  public int removeIf(Predicate<Connection> stale) {
    List<Connection> gone = matching(stale);
    gone.forEach(this::remove);
    return gone.size();
  }

  private List<Connection> matching(Predicate<Connection> wanted) {
    List<Connection> matching = new ArrayList<>();
    tuples.forEach(tuple -> {
      if (tuple == tuple.connection.original && wanted.test(tuple.connection)) {
        matching.add(tuple.connection);
      }
    });
    return matching;
  }

  /**
   * Removes what has expired, up to a bound, and the rest at the next calls; call it about every
   * second. Lookups do not depend on it.
   */
  public void age(long nowMillis) {
    age(nowMillis, AGED_PER_TICK);
  }

  private void age(long nowMillis, int limit) {
    agedMillis = nowMillis;
    wheel.advance(nowMillis, limit, lookAgain);
  }

  private void lookAgain(Connection connection) {
    if (isExpired(connection, agedMillis) || !connection.isAlive()) {
      remove(connection);
    } else {
      wheel.add(connection, agedMillis);
    }
  }

  /**
   * Whether a datagram, or a TCP segment that only carries data or acknowledges it, changes no more
   * of this connection than {@link #prolong} does.
   */
  public boolean isSettled(Connection connection, boolean reply) {
    return connection.isAlive()
        && (connection.answered || !reply)
        && switch (connection.original.protocol) {
          case IpProtocol.UDP -> true;
          case IpProtocol.TCP -> connection.tcpState() == TcpState.ESTABLISHED;
          default -> false;
        };
  }

  /**
   * Does what {@link #track} does for such a packet of a settled connection.
   *
   * @return false where it has to be tracked
   */
  public boolean prolong(Connection connection, boolean reply, long nowMillis) {
    if (isExpired(connection, nowMillis) || !isSettled(connection, reply)) {
      return false;
    }
    // Later than before, always: the wheel need not know.
    connection.deadlineMillis = nowMillis + timeoutMillis(connection, nowMillis);
    return true;
  }

  private void refresh(Connection connection, Packet packet, long nowMillis) {
    if (packet.reply && !connection.answered) {
      connection.answered = true;
      unanswered.remove(connection);
    }
    if (connection.original.protocol == IpProtocol.TCP && !packet.isLaterFragment()) {
      TcpState next = connection.tcpState().after(packet.tcp(), packet.reply);
      if (next == null) {
        // Out of place: it passes, but it keeps nothing alive.
        return;
      }
      connection.tcpState(next);
    }
    connection.deadlineMillis = nowMillis + timeoutMillis(connection, nowMillis);
    wheel.hasten(connection, nowMillis);
  }

  private static long timeoutMillis(Connection connection, long nowMillis) {
    return switch (connection.original.protocol) {
      case IpProtocol.TCP ->
          connection.tcpState() == TcpState.ESTABLISHED && !connection.answered
              ? TCP_UNACKNOWLEDGED_MILLIS
              : connection.tcpState().timeoutMillis();
      case IpProtocol.UDP ->
          connection.answered && nowMillis - connection.beganMillis >= UDP_STREAM_AFTER_MILLIS
              ? UDP_STREAM_TIMEOUT_MILLIS
              : UDP_TIMEOUT_MILLIS;
      case IpProtocol.ICMP, IpProtocol.ICMPV6 -> ICMP_TIMEOUT_MILLIS;
      default -> GENERIC_TIMEOUT_MILLIS;
    };
  }

  private static boolean isAnswer(Connection connection, FlowKey key) {
    return !connection.original.equals(key);
  }

  private static boolean isExpired(Connection connection, long nowMillis) {
    return nowMillis >= connection.deadlineMillis;
  }

  /** A SYN on the tuple of a connection that has ended begins a new one, with a new backend. */
  private static boolean isReopened(Connection known, Packet packet) {
    return packet.key().protocol == IpProtocol.TCP
        && !packet.isLaterFragment()
        && packet.tcp().has(TcpFlags.SYN)
        && !packet.tcp().has(TcpFlags.ACK)
        && (known.tcpState() == TcpState.TIME_WAIT || known.tcpState() == TcpState.CLOSE)
        && known.original.equals(packet.key());
  }

  /** Whether a packet of no known connection begins one. */
  private static boolean begins(Packet packet) {
    if (packet.isLaterFragment()) {
      return false;
    }
    return switch (packet.key().protocol) {
      case IpProtocol.ICMP, IpProtocol.ICMPV6 -> packet.key().isEchoRequest();
      case IpProtocol.TCP -> TcpState.NONE.after(packet.tcp(), false) != null;
      default -> true;
    };
  }

  private boolean makeRoom(long nowMillis) {
    age(nowMillis, AGED_PER_CONNECTION);
    if (size < capacity) {
      return true;
    }
    Connection oldest = unanswered.oldest();
    if (oldest == null) {
      return false;
    }
    remove(oldest);
    evictions++;
    return true;
  }

  /** Forgets one connection. */
  public void forget(Connection connection) {
    remove(connection);
  }

  private void remove(Connection connection) {
    if (tuples.remove(connection.original)) {
      tuples.remove(connection.answer);
      unanswered.remove(connection);
      wheel.remove(connection);
      connection.removed = true;
      connection.ended();
      size--;
    }
  }
}
