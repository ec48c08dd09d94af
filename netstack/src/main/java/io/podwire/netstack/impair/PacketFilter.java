package io.podwire.netstack.impair;

import io.podwire.packet.addr.Cidr;
import java.util.List;

/**
 * Which packets of a link a fault acts on: all conditions that are given have to hold.
 *
 * <p>Addresses and ports are those that the packet has on this link: at a Pod's egress a Service
 * has its ClusterIP still. Later fragments have no ports and match on the other conditions alone.
 * Immutable and thread-safe.
 *
 * @param peers of which one holds the other end's address; empty for any
 * @param excludedPeers of which none holds the other end's address
 * @param protocol an IP protocol number; {@link #ANY_PROTOCOL} for all
 * @param localPorts of which one holds the local port; empty for any
 * @param peerPorts of which one holds the other end's port; empty for any
 * @param eitherPorts of which one holds one of the ports; empty for any
 */
public record PacketFilter(
    List<Cidr> peers,
    List<Cidr> excludedPeers,
    int protocol,
    List<PortRange> localPorts,
    List<PortRange> peerPorts,
    List<PortRange> eitherPorts) {

  public static final int ANY_PROTOCOL = -1;

  /** All packets of the link. */
  public static final PacketFilter ALL = peers(List.of());

  private static final int MAX_PROTOCOL = 255;

  public PacketFilter {
    peers = List.copyOf(peers);
    excludedPeers = List.copyOf(excludedPeers);
    localPorts = List.copyOf(localPorts);
    peerPorts = List.copyOf(peerPorts);
    eitherPorts = List.copyOf(eitherPorts);
    if (protocol < ANY_PROTOCOL || protocol > MAX_PROTOCOL) {
      throw new IllegalArgumentException("an IP protocol is 0-255, got " + protocol);
    }
  }

  /** All packets from or to these networks. */
  public static PacketFilter peers(List<Cidr> peers) {
    return new PacketFilter(peers, List.of(), ANY_PROTOCOL, List.of(), List.of(), List.of());
  }

  /** Whether every frame of the link matches, IP or not. */
  public boolean isUnrestricted() {
    return peers.isEmpty() && excludedPeers.isEmpty() && protocol == ANY_PROTOCOL && !hasPorts();
  }

  boolean hasPorts() {
    return !(localPorts.isEmpty() && peerPorts.isEmpty() && eitherPorts.isEmpty());
  }
}
