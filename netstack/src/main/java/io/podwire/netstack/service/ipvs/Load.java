package io.podwire.netstack.service.ipvs;

import io.podwire.netstack.service.ServiceEndpoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The cost of a server's connections, and the server with the least of it. */
@FunctionalInterface
interface Load {

  /** An active connection counts as much as 256 inactive ones. */
  Load CONNECTIONS = server -> ((long) server.active() << 8) + server.inactive();

  /** Active ones with the one that is to come. */
  Load EXPECTED = server -> server.active() + 1L;

  long of(ServiceEndpoint server);

  /** The first of those with the least load by weight; null where none has a weight. */
  default @Nullable ServiceEndpoint least(List<ServiceEndpoint> servers) {
    ServiceEndpoint least = null;
    long leastLoad = 0;
    for (int i = 0; i < servers.size(); i++) {
      ServiceEndpoint server = servers.get(i);
      if (server.weight() > 0) {
        long load = of(server);
        if (least == null || leastLoad * server.weight() > load * least.weight()) {
          least = server;
          leastLoad = load;
        }
      }
    }
    return least;
  }
}
