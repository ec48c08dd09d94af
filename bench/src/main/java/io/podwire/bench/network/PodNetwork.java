package io.podwire.bench.network;

import io.podwire.packet.addr.IpAddress;
import java.util.Optional;

/**
 * Three Pods on two nodes, connected by one peer of the comparison.
 *
 * <p>The same for every peer: the nodes are on a node network of veth pairs and a bridge with MTU
 * {@link #NODE_MTU}, the Pods' links have MTU {@link #POD_MTU}. Closing it leaves nothing behind.
 */
public interface PodNetwork extends AutoCloseable {

  /** Octets of an IP packet on the node network. */
  int NODE_MTU = 1500;

  /** Octets of a Pod's IP packet: VXLAN over IPv4 takes 50. */
  int POD_MTU = 1450;

  /** A Pod on the first node. */
  PodSite client();

  /** The Pod on the other node. */
  PodSite server();

  /** A second Pod on the first node. */
  PodSite neighbor();

  /** A ClusterIP whose only backend is {@link #server}, where the peer has Services. */
  Optional<IpAddress> clusterIp();

  @Override
  void close();
}
