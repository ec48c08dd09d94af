package io.podwire.netstack.service;

import io.podwire.netstack.filter.FlowKey;
import io.podwire.packet.addr.IpAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The Services of the cluster by virtual address, protocol and port: one hash probe a lookup.
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
public final class ServiceTable {

  /** A virtual address, protocol and port. */
  public record Key(IpAddress address, int protocol, int port) {}

  private final Map<Key, VirtualService> services = new HashMap<>();
  private final Map<IpAddress, Integer> portsOfAddress = new HashMap<>();

  public void put(Key key, VirtualService service) {
    if (services.put(key, service) == null) {
      portsOfAddress.merge(key.address(), 1, Integer::sum);
    }
  }

  public void remove(Key key) {
    if (services.remove(key) != null) {
      portsOfAddress.computeIfPresent(
          key.address(), (address, ports) -> ports == 1 ? null : ports - 1);
    }
  }

  /** The Service that a packet with this tuple is addressed to, or null. */
  public @Nullable VirtualService lookup(FlowKey key) {
    return services.get(new Key(key.destination(), key.protocol(), key.destinationPort()));
  }

  /** Whether any port of this address is a Service's. */
  public boolean isServiceAddress(IpAddress address) {
    return portsOfAddress.containsKey(address);
  }

  /** The number of Service ports. */
  public int size() {
    return services.size();
  }
}
