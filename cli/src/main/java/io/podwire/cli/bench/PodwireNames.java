package io.podwire.cli.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.podwire.bench.nameserver.NameSite;
import io.podwire.bench.nameserver.ServiceNames;
import io.podwire.bench.program.Workbench;
import io.podwire.client.api.Resource;
import io.podwire.client.manifest.ManifestFiles;
import io.podwire.packet.addr.IpAddress;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The DNS server of a local cluster that holds nothing but Services, asked in its own Pod: as the
 * agent starts it, over the loopback, so that no data path is measured.
 */
public final class PodwireNames implements NameSite.Source {
  private static final String CLUSTER = "bench-dns";
  static final String NAMESPACE = "bench";
  static final String ZONE = "cluster.local";
  static final int PORT = 53;

  @Override
  public NameSite start(Workbench bench, int names) {
    BenchCluster cluster = bench.keep(BenchCluster.start(CLUSTER, 1));
    return new NameSite(
        bench.keep(PodNamespaces.of(cluster.api(), "kube-system", "podwire-dns-1")),
        PORT,
        fill(cluster, names));
  }

  /** Makes so many Services with ClusterIPs in the namespace {@code bench}, and nothing else. */
  static ServiceNames fill(BenchCluster cluster, int names) {
    StringBuilder text =
        new StringBuilder("apiVersion: v1\nkind: Namespace\nmetadata: {name: bench}\n");
    for (int i = 1; i <= names; i++) {
      text.append("---\napiVersion: v1\nkind: Service\nmetadata: {namespace: bench, name: svc-")
          .append(i)
          .append("}\nspec: {ports: [{port: 80}]}\n");
    }
    cluster.apply(ManifestFiles.ofText("the benchmark's Services", text.toString()));
    SortedMap<String, IpAddress> addresses = new TreeMap<>();
    for (JsonNode service : cluster.api().get(Resource.SERVICE.listPath(NAMESPACE)).path("items")) {
      addresses.put(
          service.at("/metadata/name").asText() + "." + NAMESPACE + ".svc." + ZONE,
          IpAddress.parse(service.at("/spec/clusterIP").asText()));
    }
    return new ServiceNames(ZONE, addresses);
  }
}
