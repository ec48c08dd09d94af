package io.podwire.netstack.service;

import io.podwire.netstack.filter.FlowKey;
import io.podwire.netstack.link.AddressKey;
import io.podwire.netstack.table.HashTable;
import io.podwire.packet.addr.IpAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The Services of the cluster by virtual address, protocol and port: one hash probe a lookup, which
 * allocates nothing; a change costs the same however many there are.
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
public final class ServiceTable {

  /** A virtual address, protocol and port. */
  public record Key(IpAddress address, int protocol, int port) {}

  // Services come from the cluster's state, so no sender can choose them to meet in one bucket.
  private final HashTable<AddressKey, ServicePort> services =
      new HashTable<AddressKey, ServicePort>(0);
  private final HashTable<AddressKey, ServiceAddress> addresses =
      new HashTable<AddressKey, ServiceAddress>(0);
  private final AddressKey probe = new AddressKey();
  private @Nullable ServiceProxy proxy;
  private long generation;

  private static final class ServiceAddress extends AddressKey {
    int ports;

    ServiceAddress(IpAddress address) {
      super(address.high(), address.low(), 0);
    }
  }

  /** Tells another proxy of every port from now on, and of those that there are at once. */
  public void follow(ServiceProxy next) {
    proxy = next;
    services.forEach(port -> port.plan(null));
    services.forEach(next::put);
    generation++;
  }

  public void put(Key key, VirtualService service) {
    IpAddress at = key.address();
    int tag = tag(key.protocol(), key.port());
    ServicePort port = services.get(probe.at(at.high(), at.low(), tag));
    if (port == null) {
      port = new ServicePort(key, tag, service);
      services.add(port);
      count(port, 1);
    } else if (port.service().equals(service)) {
      return;
    } else {
      count(port, -1);
      port.replace(service);
      count(port, 1);
    }
    generation++;
    if (proxy != null) {
      proxy.put(port);
    }
  }

  public void remove(Key key) {
    IpAddress at = key.address();
    ServicePort gone = services.get(probe.at(at.high(), at.low(), tag(key.protocol(), key.port())));
    if (gone == null) {
      return;
    }
    gone.withdraw();
    services.remove(gone);
    count(gone, -1);
    generation++;
    if (proxy != null) {
      proxy.remove(gone);
    }
  }

  /** Only a ClusterIP is a Service's alone: a node has other ports too. */
  private void count(ServicePort port, int change) {
    if (port.service().frontend() != Frontend.CLUSTER_IP) {
      return;
    }
    IpAddress at = port.key().address();
    ServiceAddress address = address(at.high(), at.low());
    if (address == null) {
      address = new ServiceAddress(at);
      addresses.add(address);
    }
    address.ports += change;
    if (address.ports == 0) {
      addresses.remove(address);
    }
  }

  private static int tag(int protocol, int port) {
    return protocol << 16 | port;
  }

  private @Nullable ServiceAddress address(long high, long low) {
    return addresses.get(probe.at(high, low));
  }

  /** The Service that a packet with this tuple is addressed to, or null. */
  public @Nullable VirtualService lookup(FlowKey key) {
    ServicePort port = find(key);
    return port == null ? null : port.service();
  }

  /** As {@link #lookup}, with the endpoints that its connections hold on to. */
  public @Nullable ServicePort find(FlowKey key) {
    return services.get(
        probe.at(
            key.destinationHigh(),
            key.destinationLow(),
            tag(key.protocol(), key.destinationPort())));
  }

  /** Every Service port once, in no order. */
  public void forEach(Consumer<? super ServicePort> visitor) {
    services.forEach(visitor);
  }

  /** Whether this is the ClusterIP of a Service. */
  public boolean isServiceAddress(IpAddress address) {
    return isServiceAddress(address.high(), address.low());
  }

  /** As {@link #isServiceAddress(IpAddress)}, for an address as in {@link IpAddress}. */
  public boolean isServiceAddress(long high, long low) {
    return address(high, low) != null;
  }

  /** The number of Service ports. */
  public int size() {
    return services.size();
  }

  /** Increases by one with each Service port that is added, changed or removed. */
  public long generation() {
    return generation;
  }
}
