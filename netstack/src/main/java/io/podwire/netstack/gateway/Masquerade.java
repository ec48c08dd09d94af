package io.podwire.netstack.gateway;

import io.podwire.netstack.filter.Connection;
import io.podwire.netstack.filter.Packet;
import io.podwire.netstack.filter.PacketHook;
import io.podwire.netstack.filter.SourceNat;
import io.podwire.netstack.filter.Verdict;
import io.podwire.netstack.route.Route;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;

/**
 * When a connection's source is replaced, as kube-proxy and the nodes' masquerading rules do: a Pod
 * that reaches itself through a Service, the node's own traffic to a Service, and Pods' traffic that
 * leaves the cluster. Never between Pods.
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
    if (connection == null || !packet.isNew()) {
      return Verdict.ACCEPT;
    }
    if (packet.route() instanceof Route.External) {
      return isPod(connection.original().source()) ? leaveCluster(packet) : Verdict.ACCEPT;
    }
    boolean toService = connection.isDestinationDecided();
    boolean hairpin =
        toService && connection.original().source().equals(connection.answer().source());
    boolean fromNode = packet.isFromNode() && !isGateway(connection);
    return hairpin || fromNode
        ? sourceNat.masquerade(packet, config.gateway(), FIRST_PORT, LAST_PORT)
        : Verdict.ACCEPT;
  }

  private Verdict leaveCluster(Packet packet) {
    return sourceNat.masquerade(
        packet, config.node(), config.firstEgressPort(), config.lastEgressPort());
  }

  private boolean isGateway(Connection connection) {
    return connection.original().source().equals(config.gateway());
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
