package io.podwire.netstack.service;

import io.podwire.netstack.filter.Connection;
import io.podwire.netstack.filter.FlowKey;
import io.podwire.netstack.filter.Packet;
import io.podwire.netstack.filter.PacketHook;
import io.podwire.netstack.filter.Verdict;
import io.podwire.netstack.link.DropReason;
import io.podwire.netstack.service.ServiceProxy.UnusedPorts;
import io.podwire.packet.addr.IpAddress;

/**
 * Directs new connections to a Service address to where the node's {@link ServiceProxy} wants them;
 * refuses an unused port of a ClusterIP as the proxy's mode does, drops an unallocated address.
 *
 * <p>The choice is made for the connection, so that every packet of it keeps its backend, whatever
 * the proxy is by then. Not thread-safe; confined to the node's event loop.
 */
public final class ServiceTranslation implements PacketHook {

  private final ServiceTable table;
  private final ProxyNode node;
  private final FirstPacket first;
  private ServiceProxy proxy;

  public ServiceTranslation(ServiceTable table, ProxyNode node, ServiceProxy proxy) {
    this.table = table;
    this.node = node;
    this.first = new FirstPacket(table, node);
    this.proxy = proxy;
    table.follow(proxy);
  }

  /** Has connections that begin from now on be balanced by another proxy. */
  public void balance(ServiceProxy next) {
    table.follow(next);
    proxy = next;
  }

  public ServiceProxy proxy() {
    return proxy;
  }

  @Override
  public Verdict apply(Packet packet, long nowMillis) {
    Connection connection = packet.connection();
    if (connection != null && packet.isReply()) {
      return connection.isDestinationTranslated()
          ? proxy.answered(packet, nowMillis)
          : Verdict.ACCEPT;
    }
    if (connection == null || !packet.isNew() || connection.isDestinationTranslated()) {
      return Verdict.ACCEPT;
    }
    Verdict verdict = proxy.decide(first.of(packet, nowMillis));
    if (verdict != Verdict.ACCEPT) {
      return verdict;
    }
    ServiceEndpoint endpoint = first.endpoint();
    if (endpoint == null) {
      return unknown(packet);
    }
    Backend backend = endpoint.backend();
    connection.translateDestination(backend.address(), backend.port(), endpoint);
    return Verdict.ACCEPT;
  }

  private Verdict unknown(Packet packet) {
    FlowKey key = packet.key();
    if (table.isServiceAddress(key.destinationHigh(), key.destinationLow())) {
      return unused(packet);
    }
    IpAddress address = key.destination();
    return ProxyNode.isIn(node.serviceCidrs(), address)
        ? packet.drop(DropReason.SERVICE_UNKNOWN)
        : Verdict.ACCEPT;
  }

  private Verdict unused(Packet packet) {
    UnusedPorts unused = proxy.unusedPorts();
    FlowKey key = packet.key();
    if (!key.isIcmp()) {
      return unused == UnusedPorts.DROPPED
          ? packet.drop(DropReason.SERVICE_PORT_UNKNOWN)
          : packet.reject(DropReason.SERVICE_PORT_UNKNOWN);
    }
    return unused == UnusedPorts.OWN_ADDRESS && key.isEchoRequest() && !packet.isFragment()
        ? Verdict.ANSWER
        : packet.drop(DropReason.SERVICE_PORT_UNKNOWN);
  }
}
