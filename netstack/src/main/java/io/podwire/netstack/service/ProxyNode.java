package io.podwire.netstack.service;

import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.util.List;

/**
 * What the balancing of Services has to know of the node and the cluster.
 *
 * @param node addresses that NodePorts are served at: the node's own on the node network
 * @param gateway the node's addresses towards its Pods
 * @param podCidrs all Pods of the cluster
 * @param serviceCidrs the Service networks
 */
public record ProxyNode(
    List<IpAddress> node, List<IpAddress> gateway, List<Cidr> podCidrs, List<Cidr> serviceCidrs) {

  public ProxyNode {
    node = List.copyOf(node);
    gateway = List.copyOf(gateway);
    podCidrs = List.copyOf(podCidrs);
    serviceCidrs = List.copyOf(serviceCidrs);
  }

  /** Whether the address is a Pod's, as kube-proxy's {@code --cluster-cidr} tells. */
  public boolean isPod(IpAddress address) {
    return isIn(podCidrs, address);
  }

  /** Whether the address is one of the node itself (iptables' address type LOCAL). */
  public boolean isOwn(IpAddress address) {
    return node.contains(address) || gateway.contains(address);
  }

  static boolean isIn(List<Cidr> cidrs, IpAddress address) {
    for (int i = 0; i < cidrs.size(); i++) {
      if (cidrs.get(i).contains(address)) {
        return true;
      }
    }
    return false;
  }
}
