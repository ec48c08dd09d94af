package io.podwire.agent.sync;

import io.podwire.cluster.model.Node;
import io.podwire.netstack.gateway.NodeDatapath;
import io.podwire.netstack.vxlan.Vtep;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tunnel peers and routes to the other nodes' Pods.
 *
 * <p>A node that is not Ready keeps its route: its Pods may still be reachable. Not thread-safe;
 * confined to the node's event loop.
 */
final class PeerRoutes {

  private final String ownName;
  private final NodeDatapath datapath;
  private final Map<String, Peer> peers = new HashMap<>();

  private record Peer(List<Cidr> podCidrs, Vtep vtep) {}

  PeerRoutes(String ownName, NodeDatapath datapath) {
    this.ownName = ownName;
    this.datapath = datapath;
  }

  void upsert(Node node) {
    if (node.name().equals(ownName)) {
      return;
    }
    Peer wanted = peer(node).orElse(null);
    Peer current = peers.get(node.name());
    if (wanted == null) {
      remove(node.name());
    } else if (!wanted.equals(current)) {
      remove(node.name());
      peers.put(node.name(), wanted);
      wanted.podCidrs.forEach(podCidr -> datapath.putPeer(podCidr, wanted.vtep));
    }
  }

  void remove(String name) {
    @Nullable Peer gone = peers.remove(name);
    if (gone != null) {
      gone.podCidrs.forEach(podCidr -> datapath.removePeer(podCidr, gone.vtep));
    }
  }

  void retainOnly(Set<String> names) {
    for (String name : Set.copyOf(peers.keySet())) {
      if (!names.contains(name)) {
        remove(name);
      }
    }
  }

  private static Optional<Peer> peer(Node node) {
    IpAddress address = node.address();
    List<Cidr> podCidrs = node.podCidrs();
    if (address == null || podCidrs.isEmpty()) {
      return Optional.empty();
    }
    IpAddress gateway = podCidrs.getFirst().address(1);
    Vtep vtep = new Vtep(node.name(), address, node.vxlanPort(), node.vtepMac(), gateway);
    return Optional.of(new Peer(podCidrs, vtep));
  }
}
