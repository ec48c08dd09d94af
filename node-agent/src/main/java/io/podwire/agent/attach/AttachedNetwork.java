package io.podwire.agent.attach;

import io.podwire.agent.pod.EtcFiles;
import io.podwire.agent.pod.NodeNetwork;
import io.podwire.cluster.attach.PodDescription;
import io.podwire.cluster.attach.PodNetwork;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.util.List;

/** What the holder of a Pod is told of its network. Stateless. */
final class AttachedNetwork {

  private static final Cidr EVERYTHING = Cidr.parse("0.0.0.0/0");

  private AttachedNetwork() {}

  static PodNetwork of(AttachServer.Node node, PodDescription pod, String uid, IpAddress address) {
    NodeNetwork network = node.network();
    return new PodNetwork(
        node.name(),
        uid,
        address,
        network.podCidr().prefixLength(),
        network.gateway(),
        List.of(new PodNetwork.RouteEntry(EVERYTHING, network.gateway())),
        network.mtu(),
        network.segmentationLimit(),
        MacAddress.of(address),
        EtcFiles.clusterFirst(pod.key().namespace(), network.zone(), network.dnsAddress()),
        List.of(
            new PodNetwork.HostEntry(
                address, List.of(EtcFiles.hostname(pod.hostname(), pod.key().name())))));
  }
}
