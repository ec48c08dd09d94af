package io.podwire.netstack.vxlan;

import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import org.jspecify.annotations.Nullable;

/**
 * Another node's tunnel endpoint.
 *
 * @param name the node's name
 * @param address outer destination
 * @param port outer UDP destination port
 * @param mac inner destination of routed frames; null where ARP or neighbour discovery over the
 *     tunnel must find it
 * @param gateway the inner address that answers that question: the first of the node's Pod CIDR of
 *     its primary family
 */
public record Vtep(
    String name, IpAddress address, int port, @Nullable MacAddress mac, IpAddress gateway) {}
