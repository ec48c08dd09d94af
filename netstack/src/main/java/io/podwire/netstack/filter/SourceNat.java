package io.podwire.netstack.filter;

import io.podwire.netstack.link.DropReason;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.addr.IpAddress;
import java.util.random.RandomGenerator;

/**
 * Gives new connections another source address, with a source port that no other connection to the
 * same destination uses; the port is kept where it is free and in range.
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
public final class SourceNat {

  /** Tries before giving up, as many as Linux makes. */
  private static final int MAX_TRIES = 128;

  private final Conntrack conntrack;
  private final RandomGenerator random;

  public SourceNat(Conntrack conntrack, RandomGenerator random) {
    this.conntrack = conntrack;
    this.random = random;
  }

  /** Decides the source of a new connection's first packet; others are left alone. */
  public Verdict masquerade(
      Packet packet, IpAddress address, int firstPort, int lastPort, long nowMillis) {
    Connection connection = packet.connection();
    if (connection == null || !packet.isNew() || connection.sourceTranslated) {
      return Verdict.ACCEPT;
    }
    FlowKey original = connection.original;
    int wanted = original.sourcePort;
    boolean hasPorts =
        switch (original.protocol) {
          case IpProtocol.TCP, IpProtocol.UDP, IpProtocol.ICMP, IpProtocol.ICMPV6 -> true;
          default -> false;
        };
    boolean keep = !hasPorts || wanted >= firstPort && wanted <= lastPort;
    int range = lastPort - firstPort + 1;
    int port = keep ? wanted : firstPort + random.nextInt(range);
    for (int i = 0; i < MAX_TRIES; i++) {
      connection.translateSource(address, port);
      if (conntrack.isFree(connection.answer, nowMillis)) {
        return Verdict.ACCEPT;
      }
      if (!hasPorts) {
        break;
      }
      // Half of the tries go step by step, half jump: both dense and sparse tables are served.
      port = i % 2 == 0 ? firstPort + random.nextInt(range) : next(port, firstPort, lastPort);
    }
    return packet.drop(DropReason.NAT_PORTS_EXHAUSTED);
  }

  /**
   * Gives a new connection another port of its own address where answers would be taken for those
   * of another connection: one client port may reach the same backend through two Services.
   */
  public Verdict keepDistinct(Packet packet, int firstPort, int lastPort, long nowMillis) {
    Connection connection = packet.connection();
    if (connection == null || !packet.isNew() || conntrack.isFree(connection.answer, nowMillis)) {
      return Verdict.ACCEPT;
    }
    return masquerade(packet, connection.original.source(), firstPort, lastPort, nowMillis);
  }

  private static int next(int port, int firstPort, int lastPort) {
    return port < firstPort || port >= lastPort ? firstPort : port + 1;
  }
}
