package io.podwire.netstack.service;

import io.podwire.netstack.filter.Connection;
import io.podwire.netstack.filter.FlowKey;
import io.podwire.netstack.filter.Packet;
import io.podwire.netstack.filter.PacketHook;
import io.podwire.netstack.filter.Verdict;
import io.podwire.netstack.link.DropReason;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.util.List;

/**
 * Directs new connections to a Service address to one of its backends; refuses a Service without
 * endpoints and an unused port, drops an unallocated address.
 *
 * <p>The choice is made for the connection, so that every packet of it keeps its backend. Not
 * thread-safe; confined to the node's event loop.
 */
public final class ServiceTranslation implements PacketHook {

  private final ServiceTable table;
  private final BackendChoice choice;
  private final List<Cidr> serviceCidrs;

  public ServiceTranslation(ServiceTable table, BackendChoice choice, List<Cidr> serviceCidrs) {
    this.table = table;
    this.choice = choice;
    this.serviceCidrs = List.copyOf(serviceCidrs);
  }

  @Override
  public Verdict apply(Packet packet, long nowMillis) {
    Connection connection = packet.connection();
    if (connection == null || !packet.isNew() || connection.isDestinationTranslated()) {
      return Verdict.ACCEPT;
    }
    ServicePort port = table.find(packet.key());
    if (port == null) {
      return unknown(packet);
    }
    VirtualService service = port.service();
    if (service.backends().isEmpty()) {
      return packet.reject(DropReason.SERVICE_WITHOUT_ENDPOINTS);
    }
    Backend backend = choice.choose(service.backends(), packet.key());
    if (packet.key().protocol() == IpProtocol.UDP) {
      // UDP has no end of a connection: one to an endpoint that is gone would never be moved.
      connection.translateDestination(backend.address(), backend.port(), port);
    } else {
      connection.translateDestination(backend.address(), backend.port());
    }
    return Verdict.ACCEPT;
  }

  private Verdict unknown(Packet packet) {
    FlowKey key = packet.key();
    if (table.isServiceAddress(key.destinationHigh(), key.destinationLow())) {
      // A ClusterIP answers no echo requests; it exists for its ports alone.
      return key.isIcmp()
          ? packet.drop(DropReason.SERVICE_PORT_UNKNOWN)
          : packet.reject(DropReason.SERVICE_PORT_UNKNOWN);
    }
    IpAddress address = key.destination();
    for (Cidr cidr : serviceCidrs) {
      if (cidr.contains(address)) {
        return packet.drop(DropReason.SERVICE_UNKNOWN);
      }
    }
    return Verdict.ACCEPT;
  }
}
