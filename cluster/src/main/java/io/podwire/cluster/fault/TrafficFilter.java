package io.podwire.cluster.fault;

import io.podwire.packet.addr.Cidr;
import java.util.List;

/**
 * Which packets on a link are meant, seen from the link's own end: local is the Pod or node that
 * the link belongs to, peer the other end.
 *
 * @param peers addresses; none means all
 * @param excludedPeers addresses among them that are not meant
 * @param protocol the IANA number; 0 means all
 * @param localPorts none means all
 * @param peerPorts none means all
 * @param eitherPorts of either end; none means all
 */
public record TrafficFilter(
    List<Cidr> peers,
    List<Cidr> excludedPeers,
    int protocol,
    List<PortRange> localPorts,
    List<PortRange> peerPorts,
    List<PortRange> eitherPorts) {

  /** Everything. */
  public static final TrafficFilter ALL =
      new TrafficFilter(List.of(), List.of(), 0, List.of(), List.of(), List.of());

  public TrafficFilter {
    peers = List.copyOf(peers);
    excludedPeers = List.copyOf(excludedPeers);
    localPorts = List.copyOf(localPorts);
    peerPorts = List.copyOf(peerPorts);
    eitherPorts = List.copyOf(eitherPorts);
  }

  /** The same packets of these peers alone. */
  public TrafficFilter withPeers(List<Cidr> only, List<Cidr> excluded) {
    return new TrafficFilter(only, excluded, protocol, localPorts, peerPorts, eitherPorts);
  }

  /** The same packets as the other end sees them. */
  public TrafficFilter fromTheOtherEnd() {
    return new TrafficFilter(peers, excludedPeers, protocol, peerPorts, localPorts, eitherPorts);
  }
}
