package io.podwire.netstack.bridge;

import io.podwire.netstack.link.Frame;
import io.podwire.netstack.link.FrameSink;
import io.podwire.netstack.link.PortCounters;

/**
 * A port of the bridge with a Pod behind it.
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
public final class BridgePort {

  private final String name;
  private final SourceGuard guard;
  private final FrameSink sink;
  private final PortCounters counters = new PortCounters();

  public BridgePort(String name, SourceGuard guard, FrameSink sink) {
    this.name = name;
    this.guard = guard;
    this.sink = sink;
  }

  public String name() {
    return name;
  }

  public PortCounters counters() {
    return counters;
  }

  SourceGuard guard() {
    return guard;
  }

  /** Hands a frame to the Pod. */
  boolean transmit(Frame frame) {
    // The sink may use the frame up.
    int packets = frame.packets();
    int bytes = frame.wireLength();
    if (sink.transmit(frame)) {
      counters.sent(packets, bytes);
      return true;
    }
    counters.dropped();
    return false;
  }

  @Override
  public String toString() {
    return name;
  }
}
