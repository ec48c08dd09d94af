package io.podwire.netstack.service.ipvs;

import io.podwire.netstack.service.FirstPacket;
import io.podwire.netstack.service.ServiceEndpoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code sh}: by the client's address, over a table of 256 places filled by weight. */
final class SourceHash implements Scheduler {

  private final PlaceTable places = new PlaceTable();

  @Override
  public void update(List<ServiceEndpoint> servers) {
    places.fill(servers, ServiceEndpoint::weight);
  }

  @Override
  public @Nullable ServiceEndpoint schedule(FirstPacket packet) {
    return places.of(packet.source());
  }
}
