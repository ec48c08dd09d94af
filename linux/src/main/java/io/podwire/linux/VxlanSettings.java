package io.podwire.linux;

import io.podwire.packet.addr.IpAddress;

/**
 * A kernel VXLAN device (RFC 7348) with peers given as forwarding entries, see {@link
 * Neighbors#appendForwarding}.
 *
 * @param vni 24 bits
 * @param local outer source address
 * @param port UDP port of this and of the other ends
 * @param learning whether it learns peers from received frames
 */
public record VxlanSettings(int vni, IpAddress local, int port, boolean learning) {}
