package io.podwire.agent.pod;

import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;

/**
 * What Pods of this node have to know of the network.
 *
 * @param nodeAddress the node's InternalIP, also the address of Pods with host network
 * @param podCidr where their addresses come from
 * @param gateway their default gateway, inside the Pod CIDR
 * @param mtu of eth0: the underlay's less the encapsulation
 * @param dnsAddress ClusterIP of kube-dns
 * @param zone the cluster's DNS zone
 */
public record NodeNetwork(
    IpAddress nodeAddress,
    Cidr podCidr,
    IpAddress gateway,
    int mtu,
    IpAddress dnsAddress,
    String zone) {

  private static final int TUNNEL_DATAGRAM = 65_507;
  private static final int VXLAN_AND_ETHERNET = 22;
  private static final int IP_AND_TCP_WITH_TIMESTAMPS = 52;

  /** What Linux keeps free of the limit for headers (MAX_TCP_HEADER), with a little to spare. */
  private static final int TCP_RESERVE = 400;

  /**
   * Octets of an unsegmented frame whose segments, encapsulated, leave in one call: a TCP stream's
   * frames then stay whole from Pod to Pod.
   */
  public int segmentationLimit() {
    int segments = TUNNEL_DATAGRAM / (mtu + VXLAN_AND_ETHERNET);
    int limit = segments * (mtu - IP_AND_TCP_WITH_TIMESTAMPS) + TCP_RESERVE;
    return Math.clamp(limit, mtu, 65_536);
  }
}
