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
    String zone) {}
