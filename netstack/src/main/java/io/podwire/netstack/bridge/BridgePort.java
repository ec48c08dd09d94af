package io.podwire.netstack.bridge;

import io.podwire.netstack.link.Frame;
import io.podwire.netstack.link.FrameSink;
import io.podwire.netstack.link.PortCounters;
import org.jspecify.annotations.Nullable;

/**
 * A port of the bridge with a Pod behind it.
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
public final class BridgePort {

  private final String name;
  private final SourceGuard guard;
  private final FrameSink sink;
  private FrameSink output;
  private @Nullable FrameSink input;
  private final PortCounters counters = new PortCounters();

  public BridgePort(String name, SourceGuard guard, FrameSink sink) {
    this.name = name;
    this.guard = guard;
    this.sink = sink;
    this.output = sink;
  }

  public String name() {
    return name;
  }

  public PortCounters counters() {
    return counters;
  }

  /** The Pod itself. */
  public FrameSink sink() {
    return sink;
  }

  /**
   * Has frames for the Pod go to another place, which hands on to {@link #sink}; null ends that.
   */
  public void divertOutput(@Nullable FrameSink place) {
    output = place == null ? sink : place;
  }

  /** Where frames of the Pod go before they reach the bridge; null where that is the bridge. */
  public @Nullable FrameSink input() {
    return input;
  }

  /** Has frames of the Pod go to another place before they reach the bridge; null ends that. */
  public void divertInput(@Nullable FrameSink place) {
    input = place;
  }

  SourceGuard guard() {
    return guard;
  }

  /** Hands a frame to the Pod. */
  boolean transmit(Frame frame) {
    // The sink may use the frame up.
    int packets = frame.packets();
    int bytes = frame.wireLength();
    if (output.transmit(frame)) {
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
