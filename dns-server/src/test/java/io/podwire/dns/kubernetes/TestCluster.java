package io.podwire.dns.kubernetes;

import io.podwire.cluster.model.ClusterConfig;
import io.podwire.cluster.model.ClusterUpdate;
import io.podwire.cluster.model.EndpointSlice;
import io.podwire.cluster.model.ModelObject;
import io.podwire.cluster.model.Namespace;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.PortRef;
import io.podwire.cluster.model.Protocol;
import io.podwire.cluster.model.Service;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.Vni;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Words to describe a cluster in tests. */
public final class TestCluster {
  private TestCluster() {}

  public static ClusterConfig config(String... upstreams) {
    return new ClusterConfig(
        List.of(Cidr.parse("10.244.0.0/16"), Cidr.parse("fd00:244::/48")),
        List.of(Cidr.parse("10.96.0.0/16")),
        Cidr.parse("172.30.0.0/24"),
        24,
        "cluster.local",
        IpAddress.parse("10.96.0.10"),
        new Vni(1),
        List.of(upstreams));
  }

  public static ClusterUpdate.Snapshot snapshot(long revision, ModelObject... objects) {
    return new ClusterUpdate.Snapshot(revision, config(), List.of(objects));
  }

  public static Namespace namespace(String name) {
    return new Namespace(name);
  }

  public static Service clusterIp(String key, List<String> addresses, Service.Port... ports) {
    return service(key, Service.Type.CLUSTER_IP, false, addresses, "", false, ports);
  }

  public static Service headless(String key, Service.Port... ports) {
    return service(key, Service.Type.CLUSTER_IP, true, List.of(), "", false, ports);
  }

  public static Service headlessPublishingAll(String key, Service.Port... ports) {
    return service(key, Service.Type.CLUSTER_IP, true, List.of(), "", true, ports);
  }

  public static Service external(String key, String target) {
    return service(key, Service.Type.EXTERNAL_NAME, false, List.of(), target, false);
  }

  private static Service service(
      String key,
      Service.Type type,
      boolean headless,
      List<String> addresses,
      String externalName,
      boolean publishNotReady,
      Service.Port... ports) {
    return new Service(
        name(key),
        type,
        headless,
        addresses.stream().map(IpAddress::parse).toList(),
        List.of(ports),
        Map.of(),
        externalName,
        publishNotReady);
  }

  public static Service.Port port(String name, Protocol protocol, int number) {
    return new Service.Port(name, protocol, number, new PortRef.Number(number), 0);
  }

  public static EndpointSlice slice(
      String key,
      String service,
      List<EndpointSlice.Port> ports,
      EndpointSlice.Endpoint... endpoints) {
    return new EndpointSlice(name(key), service, ports, List.of(endpoints));
  }

  public static EndpointSlice.Port target(String name, Protocol protocol, int number) {
    return new EndpointSlice.Port(name, protocol, number);
  }

  public static EndpointSlice.Endpoint ready(@Nullable String hostname, String... addresses) {
    return endpoint(true, hostname, addresses);
  }

  public static EndpointSlice.Endpoint unready(@Nullable String hostname, String... addresses) {
    return endpoint(false, hostname, addresses);
  }

  private static EndpointSlice.Endpoint endpoint(
      boolean ready, @Nullable String hostname, String... addresses) {
    List<IpAddress> parsed = Arrays.stream(addresses).map(IpAddress::parse).toList();
    return new EndpointSlice.Endpoint(parsed, ready, ready, false, hostname, "node-1", null);
  }

  public static ObjectName name(String key) {
    String[] parts = key.split("/", 2);
    return new ObjectName(parts[0], parts[1]);
  }
}
