package io.podwire.linux;

import io.podwire.packet.addr.MacAddress;
import org.jspecify.annotations.Nullable;

/**
 * A network interface.
 *
 * @param kind {@code veth}, {@code bridge}, {@code vxlan}, {@code tun} and so on; empty for
 *     hardware and loopback
 * @param mac null where the link has none of 48 bits
 * @param up whether it is set up, whatever its carrier
 * @param running whether it is up and can carry frames
 * @param master index of the bridge it belongs to, or 0
 */
public record Link(
    int index,
    String name,
    String kind,
    @Nullable MacAddress mac,
    int mtu,
    boolean up,
    boolean running,
    int master) {}
