package io.podwire.netstack.filter;

/**
 * A function at a {@link Hook}.
 *
 * <p>Called on the node's event loop; must not keep the packet.
 */
@FunctionalInterface
public interface PacketHook {

  Verdict apply(Packet packet, long nowMillis);
}
