package io.podwire.netstack.service;

import io.podwire.netstack.filter.FlowKey;
import io.podwire.netstack.link.AddressKey;
import io.podwire.netstack.table.HashTable;
import io.podwire.packet.addr.IpAddress;
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
  private long generation;

  private static final class ServiceAddress extends AddressKey {
    int ports;

    ServiceAddress(IpAddress address) {
      super(address.high(), address.low(), 0);
    }
  }

  public void put(Key key, VirtualService service) {
    IpAddress at = key.address();
    int tag = tag(key.protocol(), key.port());
    ServicePort known = services.get(probe.at(at.high(), at.low(), tag));
    if (known == null) {
      services.add(new ServicePort(at, tag, service));
      ServiceAddress address = address(at.high(), at.low());
      if (address == null) {
        address = new ServiceAddress(at);
        addresses.add(address);
      }
      address.ports++;
    } else if (known.service().equals(service)) {
      return;
    } else {
      known.replace(service);
    }
    generation++;
  }

  public void remove(Key key) {
    IpAddress at = key.address();
    ServicePort gone = services.get(probe.at(at.high(), at.low(), tag(key.protocol(), key.port())));
    if (gone == null) {
      return;
    }
    gone.withdraw();
    services.remove(gone);
    ServiceAddress address = address(at.high(), at.low());
    if (address != null && --address.ports == 0) {
      addresses.remove(address);
    }
    generation++;
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

  /** As {@link #lookup}, with what its connections hold on to. */
  @Nullable ServicePort find(FlowKey key) {
    return services.get(
        probe.at(
            key.destinationHigh(),
            key.destinationLow(),
            tag(key.protocol(), key.destinationPort())));
  }

  /** Whether any port of this address is a Service's. */
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
