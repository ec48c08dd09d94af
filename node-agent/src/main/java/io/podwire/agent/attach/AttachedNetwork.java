package io.podwire.agent.attach;

import io.podwire.agent.pod.EtcFiles;
import io.podwire.agent.pod.NodeNetwork;
import io.podwire.cluster.attach.PodDescription;
import io.podwire.cluster.attach.PodNetwork;
import io.podwire.netstack.gateway.GatewayConfig;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.util.ArrayList;
import java.util.List;

/** What the holder of a Pod is told of its network. Stateless. */
final class AttachedNetwork {

  private static final Cidr EVERYTHING = Cidr.parse("0.0.0.0/0");
  private static final Cidr EVERY_IPV6 = Cidr.parse("::/0");

  private AttachedNetwork() {}

  static PodNetwork of(AttachServer.Node node, PodDescription pod, String uid, IpAddress address) {
    NodeNetwork network = node.network();
    List<IpAddress> addresses = network.addresses(address);
    String hostname = EtcFiles.hostname(pod.hostname(), pod.key().name());
    return new PodNetwork(
        node.name(),
        uid,
        address,
        network.podCidr().prefixLength(),
        network.gateway(),
        network.families().stream()
            .map(family ->
                new PodNetwork.RouteEntry(
                    family.isIpv4() ? EVERYTHING : EVERY_IPV6, family.gateway()))
            .toList(),
        network.mtu(),
        network.segmentationLimit(),
        MacAddress.of(address),
        EtcFiles.resolver(pod.key().namespace(), network.zone(), network.dnsAddress()),
        addresses.stream().map(each -> new PodNetwork.HostEntry(each, List.of(hostname))).toList(),
        further(network, addresses));
  }

  /** The addresses behind the first, each with its family's gateway. */
  private static List<PodNetwork.FurtherAddress> further(
      NodeNetwork network, List<IpAddress> addresses) {
    List<PodNetwork.FurtherAddress> further = new ArrayList<>();
    for (int i = 1; i < addresses.size(); i++) {
      GatewayConfig.Family family = network.families().get(i);
      further.add(
          new PodNetwork.FurtherAddress(
              addresses.get(i), family.podCidr().prefixLength(), family.gateway()));
    }
    return further;
  }
}
