package io.podwire.agent.pod;

import io.podwire.cluster.attach.ResolverConfig;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What Pods of this node have to know of the network.
 *
 * @param nodeAddress the node's InternalIP, also the address of Pods with host network
 * @param podCidr where their addresses come from
 * @param gateway their default gateway, inside the Pod CIDR
 * @param mtu of eth0: the underlay's less the encapsulation
 * @param dnsAddress ClusterIP of kube-dns
 * @param zone the cluster's DNS zone
 * @param resolvConf what the node itself resolves with, for Pods that want the same
 */
public record NodeNetwork(
    IpAddress nodeAddress,
    Cidr podCidr,
    IpAddress gateway,
    int mtu,
    IpAddress dnsAddress,
    String zone,
    Path resolvConf) {

  private static final int TUNNEL_DATAGRAM = 65_507;
  private static final int VXLAN_AND_ETHERNET = 22;
  private static final int IP_AND_TCP_WITH_TIMESTAMPS = 52;

  /** What Linux keeps free of the limit for headers (MAX_TCP_HEADER), with a little to spare. */
  private static final int TCP_RESERVE = 400;

  /** What the node itself resolves with; nothing where it has no such file. */
  ResolverConfig ownResolver() {
    return ResolverConfig.parse(read(resolvConf));
  }

  /** The node's own hosts file. */
  String ownHosts() {
    return read(Path.of("/etc/hosts"));
  }

  private static String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + file, e);
    }
  }

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
