package io.podwire.netstack.filter;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The hook functions in the order in which they were added.
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
public final class HookChain {

  private final Map<Hook, List<PacketHook>> hooks = new EnumMap<>(Hook.class);
  private long generation;

  public HookChain() {
    for (Hook hook : Hook.values()) {
      hooks.put(hook, new ArrayList<>());
    }
  }

  public HookChain add(Hook hook, PacketHook function) {
    at(hook).add(function);
    changed();
    return this;
  }

  /**
   * Says that some function decides otherwise from now on, of packets of known connections too: the
   * ways of all flows are found anew. A function whose verdicts vary of themselves uses {@link
   * Packet#forbidImitation} instead.
   */
  public void changed() {
    generation++;
  }

  /** Increases with every change. */
  public long generation() {
    return generation;
  }

  /** Runs the functions until one does not accept. */
  public Verdict run(Hook hook, Packet packet, long nowMillis) {
    List<PacketHook> functions = at(hook);
    for (int i = 0; i < functions.size(); i++) {
      Verdict verdict = functions.get(i).apply(packet, nowMillis);
      if (verdict != Verdict.ACCEPT) {
        return verdict;
      }
    }
    return Verdict.ACCEPT;
  }

  private List<PacketHook> at(Hook hook) {
    return Objects.requireNonNull(hooks.get(hook));
  }
}
