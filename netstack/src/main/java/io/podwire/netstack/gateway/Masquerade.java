package io.podwire.netstack.gateway;

import io.podwire.netstack.filter.Connection;
import io.podwire.netstack.filter.Packet;
import io.podwire.netstack.filter.PacketHook;
import io.podwire.netstack.filter.SourceNat;
import io.podwire.netstack.filter.Verdict;
import io.podwire.netstack.link.DropReason;
import io.podwire.netstack.route.Route;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;

/**
 * When a connection's source is replaced, as kube-proxy's KUBE-POSTROUTING and the nodes'
 * masquerading rules do: where the {@link io.podwire.netstack.service.ServiceProxy} has marked its
 * first packet, for the node's own traffic to Pods, and for what leaves the cluster for Pods. Never
 * between Pods.
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
final class Masquerade implements PacketHook {

  private static final int FIRST_PORT = 1024;
  private static final int LAST_PORT = 65_535;

  private final GatewayConfig config;
  private final SourceNat sourceNat;

  Masquerade(GatewayConfig config, SourceNat sourceNat) {
    this.config = config;
    this.sourceNat = sourceNat;
  }

  @Override
  public Verdict apply(Packet packet, long nowMillis) {
    Connection connection = packet.connection();
    if (connection == null) {
      // Nobody could answer it, and the node network must not see a Pod's address.
      return packet.route() instanceof Route.External && isPod(packet.key().source())
          ? packet.drop(DropReason.CONNTRACK_INVALID)
          : Verdict.ACCEPT;
    }
    if (!packet.isNew()) {
      return Verdict.ACCEPT;
    }
    IpAddress client = connection.original().source();
    if (packet.route() instanceof Route.External) {
      return packet.isMarked() || isPod(client)
          ? leaveCluster(packet, nowMillis)
          : sourceNat.keepDistinct(packet, FIRST_PORT, LAST_PORT, nowMillis);
    }
    IpAddress gateway = config.gateway(packet.isIpv4());
    boolean fromNode = packet.isFromNode() && !client.equals(gateway);
    return gateway != null && (packet.isMarked() || fromNode)
        ? sourceNat.masquerade(packet, gateway, FIRST_PORT, LAST_PORT, nowMillis)
        : sourceNat.keepDistinct(packet, FIRST_PORT, LAST_PORT, nowMillis);
  }

  private Verdict leaveCluster(Packet packet, long nowMillis) {
    IpAddress node = config.node(packet.isIpv4());
    return node == null
        ? packet.drop(DropReason.NO_ROUTE)
        : sourceNat.masquerade(
            packet, node, config.firstEgressPort(), config.lastEgressPort(), nowMillis);
  }

  private boolean isPod(IpAddress address) {
    for (Cidr cidr : config.podCidrs()) {
      if (cidr.contains(address)) {
        return true;
      }
    }
    return false;
  }
}
