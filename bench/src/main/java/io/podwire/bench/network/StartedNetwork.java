package io.podwire.bench.network;

import io.podwire.bench.program.Workbench;
import io.podwire.packet.addr.IpAddress;
import java.util.Optional;

/** A network without Services, whose parts are all on a workbench of its own. */
record StartedNetwork(Workbench bench, PodSite client, PodSite server, PodSite neighbor)
    implements PodNetwork {

  @Override
  public Optional<IpAddress> clusterIp() {
    return Optional.empty();
  }

  @Override
  public void close() {
    bench.close();
  }
}
