package io.podwire.netstack.bridge;

import io.podwire.netstack.capture.LinkTap;
import io.podwire.netstack.impair.Direction;
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
  private final FrameSink pod;
  private FrameSink sink;
  private FrameSink output;
  private @Nullable FrameSink input;
  private @Nullable FrameSink outputPlace;
  private @Nullable LinkTap tap;
  private boolean direct = true;
  private final PortCounters counters = new PortCounters();

  public BridgePort(String name, SourceGuard guard, FrameSink sink) {
    this.name = name;
    this.guard = guard;
    this.pod = sink;
    this.sink = sink;
    this.output = sink;
  }

  public String name() {
    return name;
  }

  public PortCounters counters() {
    return counters;
  }

  /** The Pod itself, past what frames for it are diverted to. */
  public FrameSink sink() {
    return sink;
  }

  /**
   * Has frames for the Pod go to another place, which hands on to {@link #sink}; null ends that.
   */
  public void divertOutput(@Nullable FrameSink place) {
    outputPlace = place;
    settle();
  }

  /** Has a tap see what passes the Pod's link, in place of the one that did; null for none. */
  public void tap(@Nullable LinkTap next) {
    tap = next;
    sink =
        next == null ? pod : frame -> next.pass(Direction.INGRESS, frame, pod, /* isWhole= */ true);
    settle();
  }

  /** What sees the frames that pass the Pod's link; null where nothing does. */
  public @Nullable LinkTap tap() {
    return tap;
  }

  private void settle() {
    output = outputPlace == null ? sink : outputPlace;
    direct = input == null && tap == null;
  }

  /** Whether frames of the Pod go to the bridge, seen by nobody before. */
  public boolean isDirect() {
    return direct;
  }

  /** Where frames of the Pod go before they reach the bridge; null where that is the bridge. */
  public @Nullable FrameSink input() {
    return input;
  }

  /** Has frames of the Pod go to another place before they reach the bridge; null ends that. */
  public void divertInput(@Nullable FrameSink place) {
    input = place;
    settle();
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
