package io.podwire.netstack.impair.stream;

import io.podwire.netstack.impair.PacketFilter;
import io.podwire.netstack.impair.PortRange;
import io.podwire.netstack.impair.TimeDistribution;
import io.podwire.netstack.impair.model.Draws;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.addr.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A fault with what it has decided and done. Not thread-safe; confined to the node's event loop.
 */
public final class RunningStreamFault {
  private static final double UNIT = 0x1.0p-53;
  private static final Effect[] EFFECTS = Effect.values();

  private final StreamFault fault;
  private final long[] affected = new long[EFFECTS.length];
  private final TimeDistribution requested = new TimeDistribution();
  private final TimeDistribution achieved = new TimeDistribution();
  private final TimeDistribution lateness = new TimeDistribution();
  private long connections;
  private long matchedBytes;
  private long decisions;
  private long decisionHash;

  RunningStreamFault(StreamFault fault) {
    this.fault = fault;
  }

  public StreamFault fault() {
    return fault;
  }

  /** Whether a connection is one of those that the fault is for. */
  boolean concerns(Tuple tuple) {
    PacketFilter filter = fault.filter();
    IpAddress peer = new IpAddress(tuple.peerHigh, tuple.peerLow);
    return (filter.protocol() == PacketFilter.ANY_PROTOCOL || filter.protocol() == IpProtocol.TCP)
        && (filter.peers().isEmpty()
            || filter.peers().stream().anyMatch(each -> each.contains(peer)))
        && filter.excludedPeers().stream().noneMatch(each -> each.contains(peer))
        && contains(filter.localPorts(), tuple.localPort)
        && contains(filter.peerPorts(), tuple.peerPort)
        && (contains(filter.eitherPorts(), tuple.localPort)
            || contains(filter.eitherPorts(), tuple.peerPort));
  }

  private static boolean contains(List<PortRange> ranges, int port) {
    return ranges.isEmpty() || ranges.stream().anyMatch(each -> each.contains(port));
  }

  /** Takes one more connection; its number, from 0. */
  long nextConnection() {
    return connections++;
  }

  /** Whether a toxic, by its place, acts on a connection, by its number. */
  boolean hits(int toxic, long connection) {
    long drawn = draw(toxic, connection, -1);
    boolean hit = (drawn >>> 11) * UNIT < fault.toxics().get(toxic).toxicity();
    decisions++;
    decisionHash += Draws.mix(drawn ^ (hit ? 1 : 0));
    return hit;
  }

  /** 64 random bits for one segment of a connection. */
  long draw(int toxic, long connection, long segment) {
    return Draws.mix(Draws.mix(Draws.mix(fault.seed() ^ toxic) + connection) + segment);
  }

  void matched(int bytes) {
    matchedBytes += bytes;
  }

  void count(Effect effect) {
    affected[effect.ordinal()]++;
  }

  void held(long requestedNanos, long achievedNanos) {
    requested.add(requestedNanos);
    achieved.add(achievedNanos);
    lateness.add(achievedNanos - requestedNanos);
  }

  /** What it has done so far. */
  public StreamSnapshot snapshot() {
    Map<String, Long> causes = new TreeMap<>();
    for (Effect each : EFFECTS) {
      if (affected[each.ordinal()] > 0) {
        causes.put(each.key, affected[each.ordinal()]);
      }
    }
    return new StreamSnapshot(
        connections,
        matchedBytes,
        causes,
        requested.summary(),
        achieved.summary(),
        lateness.summary(),
        decisions,
        decisionHash);
  }
}
