package io.podwire.netstack.service.userspace;

import io.podwire.netstack.filter.Connection;
import io.podwire.netstack.filter.Conntrack;
import io.podwire.netstack.filter.Packet;
import io.podwire.netstack.filter.Verdict;
import io.podwire.netstack.link.DropReason;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.service.FirstPacket;
import io.podwire.netstack.service.ServiceProxy.Retry;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.TcpFlags;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * TCP connections that no backend has accepted yet, with their SYNs: where a backend answers with a
 * reset or an ICMP error, or not in time, the connection is forgotten and its SYN sent again.
 *
 * <p>The client sees nothing but a slower answer, until the last try has failed. Bounded; one more
 * than that is tried once only. Times are milliseconds; waiting ends with a tick. Not thread-safe;
 * confined to the node's event loop.
 */
final class Dials {

  /** How long kube-proxy waited for each try: that many are made. */
  static final List<Long> TIMEOUTS_MILLIS = List.of(250L, 500L, 1000L, 2000L);

  private static final int CAPACITY = 4096;

  private final Conntrack conntrack;
  private final List<Long> timeoutsMillis;
  private final Map<Connection, Dial> open = new LinkedHashMap<>();
  private final ArrayDeque<Dial> again = new ArrayDeque<>();
  private @Nullable Dial current;

  private static final class Dial {
    final Frame syn;
    final boolean fromNode;
    int tries;
    long deadlineMillis;
    long retryMillis;

    Dial(Frame syn, boolean fromNode) {
      this.syn = syn;
      this.fromNode = fromNode;
    }
  }

  Dials(Conntrack conntrack, List<Long> timeoutsMillis) {
    this.conntrack = conntrack;
    this.timeoutsMillis = timeoutsMillis;
  }

  /** Whether it is a packet that {@link #retry} has given out. */
  boolean isAgain(FirstPacket packet) {
    return current != null && packet.whole().frame() == current.syn;
  }

  /** The packet goes to a backend: keeps it, if it is a SYN. */
  void dial(FirstPacket packet) {
    Packet whole = packet.whole();
    Connection connection = whole.connection();
    if (connection == null
        || packet.protocol() != IpProtocol.TCP
        || !whole.tcp().has(TcpFlags.SYN)
        || open.size() >= CAPACITY) {
      return;
    }
    Dial before = isAgain(packet) ? current : null;
    Dial dial = new Dial(whole.frame().copy(), whole.isFromNode());
    dial.tries = before == null ? 0 : before.tries;
    dial.deadlineMillis = packet.nowMillis() + timeoutsMillis.get(dial.tries);
    dial.tries++;
    open.put(connection, dial);
  }

  Verdict answered(Packet packet, Connection connection, long nowMillis) {
    if (open.isEmpty()) {
      return Verdict.ACCEPT;
    }
    Dial dial = open.get(connection);
    if (dial == null) {
      return Verdict.ACCEPT;
    }
    open.remove(connection);
    boolean accepted = packet.key().protocol() == IpProtocol.TCP && !packet.tcp().has(TcpFlags.RST);
    if (accepted || dial.tries >= timeoutsMillis.size()) {
      return Verdict.ACCEPT;
    }
    tryAgain(connection, dial, nowMillis);
    return packet.drop(DropReason.SERVICE_RETRIED);
  }

  private void tryAgain(Connection connection, Dial dial, long nowMillis) {
    conntrack.forget(connection);
    dial.retryMillis = nowMillis;
    again.add(dial);
  }

  @Nullable Retry retry() {
    current = again.poll();
    return current == null ? null : new Retry(current.syn, current.fromNode, current.retryMillis);
  }

  void age(long nowMillis) {
    List<Connection> late = new ArrayList<>();
    open.forEach((connection, dial) -> {
      if (nowMillis >= dial.deadlineMillis || !connection.isAlive()) {
        late.add(connection);
      }
    });
    for (Connection connection : late) {
      Dial dial = open.remove(connection);
      if (dial != null && connection.isAlive() && dial.tries < timeoutsMillis.size()) {
        tryAgain(connection, dial, nowMillis);
      }
    }
  }
}
