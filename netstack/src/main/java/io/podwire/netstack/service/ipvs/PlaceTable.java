package io.podwire.netstack.service.ipvs;

import io.podwire.netstack.service.ServiceEndpoint;
import io.podwire.packet.addr.IpAddress;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Servers over 256 places, one of which an address leads to.
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
final class PlaceTable {

  private static final int PLACES = 256;

  private ServiceEndpoint[] places = {};

  /**
   * Gives the servers their places in turn.
   *
   * @param turn how many places in a row a server gets; less than one counts as one
   */
  void fill(List<ServiceEndpoint> servers, ToIntFunction<ServiceEndpoint> turn) {
    places = new ServiceEndpoint[servers.isEmpty() ? 0 : PLACES];
    int at = 0;
    int filled = 0;
    for (int i = 0; i < places.length; i++) {
      places[i] = servers.get(at);
      if (++filled >= turn.applyAsInt(servers.get(at))) {
        at = (at + 1) % servers.size();
        filled = 0;
      }
    }
  }

  /** The server at an address's place; null without servers, and where it has no weight. */
  @Nullable ServiceEndpoint of(IpAddress address) {
    if (places.length == 0) {
      return null;
    }
    ServiceEndpoint server = places[AddressHash.of(address, PLACES)];
    return server.weight() > 0 ? server : null;
  }
}
