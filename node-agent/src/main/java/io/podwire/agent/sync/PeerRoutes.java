package io.podwire.agent.sync;

import io.podwire.cluster.model.Node;
import io.podwire.netstack.gateway.NodeDatapath;
import io.podwire.netstack.vxlan.Vtep;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.util.HashMap;
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

  private record Peer(Cidr podCidr, Vtep vtep) {}

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
      datapath.putPeer(wanted.podCidr, wanted.vtep);
    }
  }

  void remove(String name) {
    @Nullable Peer gone = peers.remove(name);
    if (gone != null) {
      datapath.removePeer(gone.podCidr, gone.vtep);
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
    Optional<Cidr> podCidr = node.podCidrs().stream().filter(Cidr::isIpv4).findFirst();
    if (address == null || podCidr.isEmpty()) {
      return Optional.empty();
    }
    Vtep vtep =
        new Vtep(node.name(), address, node.vxlanPort(), node.vtepMac(), podCidr.get().address(1));
    return Optional.of(new Peer(podCidr.get(), vtep));
  }
}
