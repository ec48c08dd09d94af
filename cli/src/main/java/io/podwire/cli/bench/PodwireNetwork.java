package io.podwire.cli.bench;

import io.podwire.bench.comparison.Networks;
import io.podwire.bench.network.NetworkPeer;
import io.podwire.bench.network.PodNetwork;
import io.podwire.bench.network.PodSite;
import io.podwire.bench.program.Workbench;
import io.podwire.cli.demo.PodWait;
import io.podwire.client.api.ApiClient;
import io.podwire.client.api.Resource;
import io.podwire.packet.addr.IpAddress;
import java.time.Duration;
import java.util.Optional;

/** Podwire's own network: a local cluster of two nodes with three Pods and a Service. */
public final class PodwireNetwork implements NetworkPeer {
  private static final String CLUSTER = "bench-network";
  private static final String NAMESPACE = TwoNodePods.NAMESPACE;
  private static final String SERVICE = "server";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Override
  public String name() {
    return Networks.PODWIRE;
  }

  @Override
  public String description() {
    return "Podwire: a local cluster of two nodes, as 'podwire up' starts it";
  }

  @Override
  public Optional<String> missing() {
    return Optional.empty();
  }

  @Override
  public PodNetwork start(Workbench bench) {
    BenchCluster cluster = bench.keep(BenchCluster.start(CLUSTER, 2));
    cluster.fill(
        TwoNodePods.and(TwoNodePods.neighbor("neighbor"), TwoNodePods.service(5201)), NAMESPACE);
    ApiClient api = cluster.api();
    new PodWait(api, PATIENCE).untilEndpoints(NAMESPACE, SERVICE, 1);
    IpAddress clusterIp =
        IpAddress.parse(
            api.get(Resource.SERVICE.objectPath(NAMESPACE, SERVICE))
                .at("/spec/clusterIP")
                .asText());
    return new Started(
        site(bench, api, "client"),
        site(bench, api, "server"),
        site(bench, api, "neighbor"),
        Optional.of(clusterIp),
        cluster);
  }

  private static PodSite site(Workbench bench, ApiClient api, String pod) {
    String address = api.get(Resource.POD.objectPath(NAMESPACE, pod)).at("/status/podIP").asText();
    return new PodSite(bench.keep(PodNamespaces.of(api, NAMESPACE, pod)), IpAddress.parse(address));
  }

  private record Started(
      PodSite client,
      PodSite server,
      PodSite neighbor,
      Optional<IpAddress> clusterIp,
      BenchCluster cluster)
      implements PodNetwork {

    @Override
    public void close() {
      // The cluster itself is on the workbench.
    }
  }
}
