package io.podwire.netstack.service;

import io.podwire.netstack.filter.FlowKey;
import io.podwire.netstack.filter.Redirection;
import io.podwire.netstack.link.AddressKey;
import io.podwire.packet.addr.IpAddress;
import java.util.List;

/**
 * A port of a Service in the table: what it leads to now.
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
final class ServicePort extends AddressKey implements Redirection {

  private VirtualService service;
  private List<Backend> backends;
  private int revision;

  ServicePort(IpAddress address, int tag, VirtualService service) {
    super(address.high(), address.low(), tag);
    this.service = service;
    this.backends = service.backends();
  }

  VirtualService service() {
    return service;
  }

  void replace(VirtualService next) {
    if (!next.backends().equals(backends)) {
      revision++;
    }
    service = next;
    backends = next.backends();
  }

  /** The Service is gone; connections may still refer to it. */
  void withdraw() {
    backends = List.of();
    revision++;
  }

  @Override
  public int revision() {
    return revision;
  }

  @Override
  public boolean leadsTo(FlowKey answer) {
    for (int i = 0; i < backends.size(); i++) {
      Backend backend = backends.get(i);
      if (backend.port() == answer.sourcePort() && answer.isFrom(backend.address())) {
        return true;
      }
    }
    return false;
  }
}
