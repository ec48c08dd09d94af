package io.podwire.netstack.impair;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A filter laid out for a look at each packet of one direction.
 *
 * <p>ARP, IPv6 neighbour discovery and whatever is not IP match only where the filter has no
 * condition and the fault cuts the link whole: with a damaged neighbour discovery, the neighbour
 * cache would decide which packets the fault sees. Immutable and thread-safe.
 */
final class PacketMatcher {

  private final boolean isEgress;
  private final AddressSet peers;
  private final @Nullable AddressSet excludedPeers;
  private final int protocol;
  private final boolean hasPorts;
  private final PortRange[] localPorts;
  private final PortRange[] peerPorts;
  private final PortRange[] eitherPorts;
  private final boolean takesEveryFrame;

  PacketMatcher(PacketFilter filter, Direction direction, boolean cutsLink) {
    isEgress = direction == Direction.EGRESS;
    peers = new AddressSet(filter.peers());
    excludedPeers =
        filter.excludedPeers().isEmpty() ? null : new AddressSet(filter.excludedPeers());
    protocol = filter.protocol();
    hasPorts = filter.hasPorts();
    localPorts = array(filter.localPorts());
    peerPorts = array(filter.peerPorts());
    eitherPorts = array(filter.eitherPorts());
    takesEveryFrame = cutsLink && filter.isUnrestricted();
  }

  private static PortRange[] array(List<PortRange> ranges) {
    return ranges.toArray(PortRange[]::new);
  }

  boolean matches(PacketHeaders headers) {
    if (takesEveryFrame) {
      return true;
    }
    if (!headers.isIp || headers.isNeighbourDiscovery) {
      return false;
    }
    long high = isEgress ? headers.destinationHigh : headers.sourceHigh;
    long low = isEgress ? headers.destinationLow : headers.sourceLow;
    return peers.contains(high, low)
        && (excludedPeers == null || !excludedPeers.contains(high, low))
        && (protocol == PacketFilter.ANY_PROTOCOL || protocol == headers.protocol)
        && (!hasPorts || headers.isLaterFragment || matchesPorts(headers));
  }

  private boolean matchesPorts(PacketHeaders headers) {
    int local = isEgress ? headers.sourcePort : headers.destinationPort;
    int peer = isEgress ? headers.destinationPort : headers.sourcePort;
    return local != PacketHeaders.NONE
        && contains(localPorts, local)
        && contains(peerPorts, peer)
        && (contains(eitherPorts, local) || contains(eitherPorts, peer));
  }

  private static boolean contains(PortRange[] ranges, int port) {
    for (PortRange range : ranges) {
      if (range.contains(port)) {
        return true;
      }
    }
    return ranges.length == 0;
  }
}
