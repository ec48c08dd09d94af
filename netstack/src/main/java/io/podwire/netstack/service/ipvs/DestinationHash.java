package io.podwire.netstack.service.ipvs;

import io.podwire.netstack.service.FirstPacket;
import io.podwire.netstack.service.ServiceEndpoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code dh}: by the address that the client connects to, over a table of 256 places. */
final class DestinationHash implements Scheduler {

  private final PlaceTable places = new PlaceTable();

  @Override
  public void update(List<ServiceEndpoint> servers) {
    places.fill(servers, server -> 1);
  }

  @Override
  public @Nullable ServiceEndpoint schedule(FirstPacket packet) {
    return places.of(packet.destination());
  }
}
