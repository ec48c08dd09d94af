package io.podwire.testkit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.podwire.client.api.Resource;
import io.podwire.packet.addr.IpAddress;
import io.podwire.testkit.assertion.Addressed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A Service. What is asked of it is read anew each time. Thread-safe. */
public final class Service implements Addressed {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Cluster cluster;
  private final ObjectKey key;

  Service(Cluster cluster, ObjectKey key) {
    this.cluster = cluster;
    this.key = key;
  }

  /** Its name; with the namespace before it where that is not {@code default}. */
  @Override
  public String name() {
    return key.text();
  }

  ObjectKey key() {
    return key;
  }

  /** The object as JSON. */
  public JsonNode object() {
    return cluster.object(Resource.SERVICE, key);
  }

  /** The name that every Pod can ask for. */
  public String dnsName() {
    return key.name() + "." + key.namespace() + ".svc.cluster.local";
  }

  /**
   * The ClusterIP, of its primary family.
   *
   * @throws ClusterFailure where it has none
   */
  public IpAddress clusterIp() {
    String address = object().at("/spec/clusterIP").asText();
    return IpAddress.tryParse(address)
        .orElseThrow(() -> new ClusterFailure("Service " + name() + " has no ClusterIP"));
  }

  /** Its ClusterIPs, one of each of its families, or the endpoints' addresses of a headless one. */
  @Override
  public Set<IpAddress> addresses() {
    JsonNode spec = object().path("spec");
    Set<IpAddress> addresses = new LinkedHashSet<>();
    IpAddress.tryParse(spec.path("clusterIP").asText()).ifPresent(addresses::add);
    for (JsonNode each : spec.path("clusterIPs")) {
      IpAddress.tryParse(each.asText()).ifPresent(addresses::add);
    }
    return addresses.isEmpty() ? new LinkedHashSet<>(endpoints()) : addresses;
  }

  /** The addresses of its ready endpoints. */
  public List<IpAddress> endpoints() {
    String selector = Resource.encode("kubernetes.io/service-name=" + key.name());
    List<IpAddress> addresses = new ArrayList<>();
    String path = Resource.ENDPOINT_SLICE.listPath(key.namespace()) + "?labelSelector=" + selector;
    for (JsonNode slice : cluster.api().get(path).path("items")) {
      for (JsonNode endpoint : slice.path("endpoints")) {
        if (endpoint.at("/conditions/ready").asBoolean(true)) {
          endpoint
              .path("addresses")
              .forEach(address -> addresses.add(IpAddress.parse(address.asText())));
        }
      }
    }
    return addresses;
  }

  /** Waits for a ready endpoint. */
  public Service awaitReady() {
    return awaitEndpoints(1);
  }

  /** Waits until it has at least so many ready endpoints. */
  public Service awaitEndpoints(int count) {
    if (!Polling.holds(PATIENCE, () -> endpoints().size() >= count)) {
      throw new AssertionError(
          "Service "
              + name()
              + " has "
              + endpoints().size()
              + " ready endpoints after "
              + PATIENCE.toSeconds()
              + " s, not "
              + count
              + ": "
              + cluster.unready());
    }
    return this;
  }

  @Override
  public String toString() {
    return "Service " + name();
  }
}
