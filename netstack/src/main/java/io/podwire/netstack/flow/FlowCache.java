package io.podwire.netstack.flow;

import io.podwire.netstack.bridge.BridgePort;
import io.podwire.netstack.filter.Connection;
import io.podwire.netstack.filter.Conntrack;
import io.podwire.netstack.filter.Packet;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.vxlan.Vtep;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The ways of established flows, so that their packets pass bridge, hooks, routes and neighbours
 * with one look-up: after Linux's nf_flow_table, and Open vSwitch's exact match cache.
 *
 * <p>A packet that finds no way is watched on the slow one; what was done to it is done to those
 * that follow it from the same place with the same MAC addresses and tuple, while the tables stay
 * as they are and the connection lives. Whatever is special about a packet sends that packet the
 * slow way.
 *
 * <p>A cache, not a table: it has a fixed number of places, so strangers who fill it cost others
 * only the slow way. Not thread-safe; confined to the node's event loop.
 */
public final class FlowCache {

  /** For packets of any length, as on a bridge. */
  public static final int ANY_LENGTH = Integer.MAX_VALUE;

  /** A power of two; two places for each hash. */
  static final int PLACES = 4096;

  /** Places looked at in a tick for what is of no use any more. */
  private static final int SWEPT_PER_TICK = 256;

  /** A flow takes the place of another one that is alive only each so many tries. */
  private static final int PATIENCE = 16;

  private final Conntrack conntrack;
  private final LongSupplier generation;
  private final @Nullable CachedFlow[] flows = new @Nullable CachedFlow[PLACES];
  private final FlowHeaders headers = new FlowHeaders();
  private final FlowHeaders leaving = new FlowHeaders();
  private final Exit exit = new Exit();
  private @Nullable Frame watched;
  private Object ingress = this;
  private long watchedGeneration;
  private boolean enabled = true;
  private int swept;
  private int tries;
  private long hits;

  /**
   * An empty cache.
   *
   * @param generation another number after every change of a table that decides on ways
   */
  public FlowCache(Conntrack conntrack, LongSupplier generation) {
    this.conntrack = conntrack;
    this.generation = generation;
  }

  /** Whether it is used; without it every packet goes the slow way. */
  public void enable(boolean use) {
    enabled = use;
  }

  /**
   * Takes a packet whose flow's way is known: its connection is refreshed as {@link
   * Conntrack#track} would, but its headers are not written yet.
   *
   * @param from where it has arrived, the same object for all packets from there
   * @return null where it must go the slow way, on which it is watched
   */
  public @Nullable CachedFlow take(Object from, Frame frame, long nowMillis) {
    watched = null;
    if (!enabled || !headers.read(frame)) {
      return null;
    }
    long current = generation.getAsLong();
    CachedFlow flow = find(from);
    if (flow != null
        && flow.generation == current
        && flow.allows(headers.timeToLive)
        && headers.largestPacket(frame) <= flow.mtu
        && conntrack.prolong(flow.connection, flow.reply, nowMillis)) {
      hits++;
      return flow;
    }
    watched = frame;
    ingress = from;
    watchedGeneration = current;
    exit.clear();
    return null;
  }

  /** Writes the headers of the packet that was taken last. */
  public void rewrite(CachedFlow flow, Frame frame) {
    flow.rewrite(frame, headers.totalLength);
  }

  private @Nullable CachedFlow find(Object from) {
    int place = place();
    CachedFlow flow = flows[place];
    if (flow != null && flow.isOf(from, headers)) {
      return flow;
    }
    flow = flows[place + 1];
    return flow != null && flow.isOf(from, headers) ? flow : null;
  }

  private int place() {
    return headers.hash() & PLACES - 2;
  }

  /** Whether it wants to know where this frame leaves. */
  public boolean isWatching(Frame frame) {
    return watched == frame;
  }

  /** The source of the frame that is watched, as it has arrived. */
  public long sourceMac() {
    return headers.sourceMac();
  }

  /**
   * The frame that is watched is about to leave, with its headers written, by a port, to a node or,
   * without both, to the kernel.
   *
   * @param hash of the tuple, as {@link CachedFlow#hash}
   * @param mtu the longest packet that goes on like this one
   */
  public void leaves(
      Frame frame, @Nullable BridgePort port, @Nullable Vtep peer, int hash, int mtu) {
    if (leaving.read(frame)) {
      exit.set(port, peer, hash, mtu);
    }
  }

  /** The frame that is watched must not be imitated. */
  public void ignore() {
    watched = null;
  }

  /** Keeps what was seen of the frame that was watched, where packets may follow it. */
  public void learn(Packet packet) {
    Frame seen = watched;
    watched = null;
    if (seen == null || exit.count != 1 || packet.frame() != seen) {
      return;
    }
    Connection connection = packet.connection();
    if (connection == null
        || !packet.mayBeImitated()
        || !conntrack.isSettled(connection, packet.isReply())) {
      return;
    }
    int place = place();
    if (!isFor(place)) {
      place++;
    }
    CachedFlow there = flows[place];
    if (there != null && isUseful(there) && !there.isOf(ingress, headers)) {
      if (++tries % PATIENCE != 0) {
        return;
      }
    }
    flows[place] =
        new CachedFlow(
            ingress, headers, leaving, exit, connection, packet.isReply(), watchedGeneration);
  }

  /** Whether the first place of two is the one to take. */
  private boolean isFor(int place) {
    CachedFlow first = flows[place];
    CachedFlow second = flows[place + 1];
    if (first == null || first.isOf(ingress, headers)) {
      return true;
    }
    if (second == null || second.isOf(ingress, headers)) {
      return false;
    }
    return !isUseful(first) || isUseful(second) && (tries & PATIENCE) == 0;
  }

  private boolean isUseful(CachedFlow flow) {
    return flow.generation == generation.getAsLong() && flow.connection.isAlive();
  }

  /** Lets go some of what is of no use any more; call it about every second. */
  public void age() {
    for (int i = 0; i < SWEPT_PER_TICK; i++) {
      swept = swept + 1 & PLACES - 1;
      CachedFlow flow = flows[swept];
      if (flow != null && !isUseful(flow)) {
        flows[swept] = null;
      }
    }
  }

  /** Frames that have not gone the slow way. */
  public long hits() {
    return hits;
  }
}
