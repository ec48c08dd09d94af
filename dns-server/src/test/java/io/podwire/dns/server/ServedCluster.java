package io.podwire.dns.server;

import static io.podwire.dns.kubernetes.TestCluster.clusterIp;
import static io.podwire.dns.kubernetes.TestCluster.external;
import static io.podwire.dns.kubernetes.TestCluster.headless;
import static io.podwire.dns.kubernetes.TestCluster.namespace;
import static io.podwire.dns.kubernetes.TestCluster.port;
import static io.podwire.dns.kubernetes.TestCluster.ready;
import static io.podwire.dns.kubernetes.TestCluster.slice;
import static io.podwire.dns.kubernetes.TestCluster.snapshot;
import static io.podwire.dns.kubernetes.TestCluster.target;

import io.podwire.cluster.model.ClusterUpdate;
import io.podwire.cluster.model.EndpointSlice;
import io.podwire.cluster.model.ModelObject;
import io.podwire.cluster.model.Protocol;
import io.podwire.dns.handler.DnsCounters;
import io.podwire.dns.handler.DnsHandler;
import io.podwire.dns.hosts.HostsFile;
import io.podwire.dns.hosts.HostsHandler;
import io.podwire.dns.kubernetes.ClusterState;
import io.podwire.dns.kubernetes.KubernetesHandler;
import io.podwire.dns.loadbalance.LoadBalanceHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** A small cluster with everything that has a name, and the handlers that answer for it. */
final class ServedCluster {
  static final List<String> NAMES =
      List.of(
          "web.demo.svc.cluster.local",
          "dual.demo.svc.cluster.local",
          "db.demo.svc.cluster.local",
          "db-0.db.demo.svc.cluster.local",
          "many.demo.svc.cluster.local",
          "_http._tcp.web.demo.svc.cluster.local",
          "_sql._tcp.db.demo.svc.cluster.local",
          "_tcp.web.demo.svc.cluster.local",
          "inside.demo.svc.cluster.local",
          "none.demo.svc.cluster.local",
          "web.demo.svc.cluster.local.demo.svc.cluster.local",
          "demo.svc.cluster.local",
          "svc.cluster.local",
          "cluster.local",
          "ns.dns.cluster.local",
          "dns.cluster.local",
          "hostmaster.cluster.local",
          "dns-version.cluster.local",
          "1-2-3-4.demo.pod.cluster.local",
          "20.0.96.10.in-addr.arpa",
          "5.1.244.10.in-addr.arpa",
          "99.0.96.10.in-addr.arpa",
          "1.2.0.192.in-addr.arpa",
          "gateway.test",
          "GateWay.Test",
          "twin.test",
          "www.example.org",
          "a.b.c.d.e.f.svc.cluster.local");

  final ClusterState state = new ClusterState();
  private long revision = 1;

  ServedCluster() {
    state.accept(snapshot(revision, objects().toArray(new ModelObject[0])));
  }

  DnsHandler[] handlers(DnsCounters counters) {
    HostsFile hosts =
        HostsFile.parse(
            List.of(
                "192.0.2.1 gateway.test Gate.Example",
                "192.0.2.2 twin.test",
                "192.0.2.3 twin.test",
                "2001:db8::3 twin.test"),
            new ArrayList<>());
    return new DnsHandler[] {
      new LoadBalanceHandler(new Random(1)),
      new HostsHandler(hosts),
      new KubernetesHandler(state, counters)
    };
  }

  /** Applies an update of something or other. */
  void change(int what) {
    ModelObject object =
        switch (what % 4) {
          case 0 -> web(30 + what % 100);
          case 1 -> databases(2 + what % 5);
          case 2 -> namespace("other-" + what);
          default -> clusterIp("demo/unrelated-" + what, List.of("10.96.7." + what % 250));
        };
    change(object);
  }

  void change(ModelObject object) {
    state.accept(new ClusterUpdate.Delta(++revision, List.of(new ClusterUpdate.Upsert(object))));
  }

  private static List<ModelObject> objects() {
    return List.of(
        namespace("demo"),
        web(20),
        clusterIp(
            "demo/dual", List.of("10.96.0.22", "fd00:96::22"), port("http", Protocol.TCP, 80)),
        headless("demo/db", port("sql", Protocol.TCP, 5432)),
        databases(3),
        headless("demo/many"),
        slice("demo/many-1", "many", List.of(), many(60)),
        external("demo/inside", "web.demo.svc.cluster.local"));
  }

  static ModelObject web(int lastOctet) {
    return clusterIp("demo/web", List.of("10.96.0." + lastOctet), port("http", Protocol.TCP, 80));
  }

  private static ModelObject databases(int count) {
    return slice("demo/db-1", "db", List.of(target("sql", Protocol.TCP, 15432)), many(count));
  }

  private static EndpointSlice.Endpoint[] many(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> ready(i == 0 ? "db-0" : null, "10.244.1." + (5 + i)))
        .toArray(EndpointSlice.Endpoint[]::new);
  }
}
