package io.podwire.netstack.bridge;

import io.podwire.netstack.link.DropCounters;
import io.podwire.netstack.link.DropReason;
import io.podwire.netstack.link.Frame;
import io.podwire.packet.Defect;
import io.podwire.packet.EtherType;
import io.podwire.packet.EthernetView;
import io.podwire.packet.addr.MacAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A learning Ethernet bridge (IEEE 802.1D, without spanning tree) between Pods and their gateway.
 *
 * <p>Frames are lent and leave before the call returns; times are milliseconds of any steady clock.
 * Not thread-safe; confined to the node's event loop.
 */
public final class VirtualBridge {

  private final ForwardingDatabase database;
  private final BridgeRouter router;
  private final DropCounters drops;
  private final List<BridgePort> ports = new ArrayList<>();
  private final EthernetView ethernet = new EthernetView();

  public VirtualBridge(ForwardingDatabase database, BridgeRouter router, DropCounters drops) {
    this.database = database;
    this.router = router;
    this.drops = drops;
  }

  public void add(BridgePort port, MacAddress mac) {
    ports.add(port);
    database.pin(mac.value(), port);
  }

  public void remove(BridgePort port) {
    ports.remove(port);
    database.forget(port);
  }

  public List<BridgePort> ports() {
    return Collections.unmodifiableList(ports);
  }

  /** Takes a frame that a Pod has sent. */
  public void receive(BridgePort from, Frame frame, long nowMillis) {
    from.counters().received(frame);
    if (ethernet.wrap(frame.buffer(), frame.start(), frame.length()).check() != Defect.NONE) {
      drop(from, DropReason.MALFORMED_ETHERNET);
      return;
    }
    if (MacAddress.isMulticast(ethernet.source())) {
      drop(from, DropReason.MALFORMED_ETHERNET);
      return;
    }
    if (ethernet.isTagged()) {
      drop(from, DropReason.UNSUPPORTED_ETHERTYPE);
      return;
    }
    DropReason spoofed = from.guard().check(frame);
    if (spoofed != null) {
      drop(from, spoofed);
      return;
    }
    if (!database.learn(ethernet.source(), from, nowMillis)) {
      drops.count(DropReason.FORWARDING_TABLE_FULL);
    }
    long destination = ethernet.destination();
    boolean ipv6 = ethernet.etherType() == EtherType.IPV6;
    if (destination == router.mac() || ipv6 && !router.bridgesIpv6()) {
      router.receive(frame, nowMillis);
    } else if (MacAddress.isMulticast(destination)) {
      flood(from, frame);
      router.overhear(frame, nowMillis);
    } else {
      forward(from, frame, destination, nowMillis);
    }
  }

  private void forward(BridgePort from, Frame frame, long destination, long nowMillis) {
    int type = ethernet.etherType();
    boolean ip = type == EtherType.IPV4 || type == EtherType.IPV6;
    if (ip && !router.filterBridged(frame, nowMillis)) {
      from.counters().dropped();
      return;
    }
    BridgePort to = database.lookup(destination, nowMillis);
    if (to == null) {
      flood(from, frame);
    } else if (to != from) {
      router.bridged(to, frame);
      deliver(to, frame);
    }
  }

  /** Sends a frame that the router has made or forwarded; it may go back where it came from. */
  public void send(Frame frame, long nowMillis) {
    long destination = ethernet.wrap(frame.buffer(), frame.start(), frame.length()).destination();
    BridgePort to =
        MacAddress.isMulticast(destination) ? null : database.lookup(destination, nowMillis);
    if (to == null) {
      flood(null, frame);
    } else {
      deliver(to, frame);
    }
  }

  private void flood(@Nullable BridgePort except, Frame frame) {
    for (BridgePort port : ports) {
      if (port != except) {
        deliver(port, frame);
      }
    }
  }

  /**
   * The port that a MAC address is pinned to, or null: until {@link #generation} changes, frames
   * from there teach nothing and frames for it go nowhere else.
   */
  public @Nullable BridgePort pinned(long mac) {
    return database.pinned(mac);
  }

  /** As {@link ForwardingDatabase#generation}. */
  public long generation() {
    return database.generation();
  }

  /** Hands a frame to a port that is known already. */
  public void deliver(BridgePort to, Frame frame) {
    if (!to.transmit(frame)) {
      drops.count(DropReason.TRANSMIT_FAILED);
    }
  }

  private void drop(BridgePort from, DropReason reason) {
    from.counters().dropped();
    drops.count(reason);
  }

  /** Ages the forwarding database. */
  public void age(long nowMillis) {
    database.age(nowMillis);
  }
}
