package io.podwire.netstack.service.ipvs;

import io.podwire.netstack.service.FirstPacket;
import io.podwire.netstack.service.ServiceEndpoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code dh}: by the address that the client connects to, over a table of 256 places. */
final class DestinationHash implements Scheduler {

  private static final int PLACES = 256;

  private ServiceEndpoint[] places = {};

  @Override
  public void update(List<ServiceEndpoint> servers) {
    places = new ServiceEndpoint[servers.isEmpty() ? 0 : PLACES];
    int at = 0;
    int filled = 0;
    for (int i = 0; i < places.length; i++) {
      places[i] = servers.get(at);
      if (++filled >= 1) {
        at = (at + 1) % servers.size();
        filled = 0;
      }
    }
  }

  @Override
  public @Nullable ServiceEndpoint schedule(FirstPacket packet) {
    if (places.length == 0) {
      return null;
    }
    ServiceEndpoint server = places[AddressHash.of(packet.destination(), PLACES)];
    return server.weight() > 0 ? server : null;
  }
}
