package io.podwire.controlplane.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.podwire.cluster.model.ClusterConfig;
import io.podwire.cluster.model.EndpointSlice;
import io.podwire.cluster.model.Node;
import io.podwire.cluster.model.Pod;
import io.podwire.cluster.store.Claim;
import io.podwire.cluster.store.MemoryStore;
import io.podwire.cluster.store.ResourceKey;
import io.podwire.cluster.store.Store;
import io.podwire.controlplane.kind.ManifestJson;
import io.podwire.controlplane.kind.ModelReader;
import io.podwire.controlplane.manifest.ManifestEditor;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.Vni;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The reconcilers together on a registry in memory. */
class ReconcilersTest {

  private static final ClusterConfig CONFIG =
      new ClusterConfig(
          List.of(Cidr.parse("10.244.0.0/16")),
          List.of(Cidr.parse("10.96.0.0/16")),
          Cidr.parse("172.30.0.0/24"),
          24,
          "cluster.local",
          IpAddress.parse("10.96.0.10"),
          new Vni(1),
          List.of());

  private final MemoryStore store =
      new MemoryStore(10_000, Executors.newVirtualThreadPerTaskExecutor());
  private final ManifestEditor editor = new ManifestEditor(store, Instant::now);
  private final Set<String> live = ConcurrentHashMap.newKeySet();
  private final Set<IpAddress> controlPlanes = ConcurrentHashMap.newKeySet();
  private final AtomicInteger firstPasses = new AtomicInteger();
  private Reconcilers reconcilers;

  @BeforeEach
  void start() {
    controlPlanes.add(IpAddress.parse("172.30.0.2"));
    reconcilers =
        new Reconcilers(
            store,
            new Reconcilers.Environment(
                CONFIG,
                () -> live,
                () -> controlPlanes,
                6500,
                Duration.ofMillis(300),
                firstPasses::incrementAndGet,
                () -> {}),
            () -> {});
    reconcilers.start();
  }

  @AfterEach
  void stop() {
    reconcilers.close();
  }

  @Test
  void shouldMakeWhatEveryClusterHas() {
    await().until(() -> firstPasses.get() == 1);

    assertThat(store.list("namespaces", "").objects())
        .extracting(object -> object.key().name())
        .containsExactly("default", "kube-system");
    JsonNode service = manifest("services", "default", "kubernetes").orElseThrow();
    assertThat(service.path("spec").path("clusterIP").asText()).isEqualTo("10.96.0.1");
    assertThat(store.claims(Claim.CLUSTER_IPS)).containsOnlyKeys("10.96.0.1");
    assertThat(slices("kubernetes"))
        .singleElement()
        .satisfies(slice -> {
          assertThat(slice.ports().get(0).name()).isEqualTo("sync");
          assertThat(slice.ports().get(0).port()).isEqualTo(6500);
          assertThat(slice.endpoints().get(0).addresses())
              .containsExactly(IpAddress.parse("172.30.0.2"));
        });
  }

  @Test
  void shouldFollowTheControlPlanesThatAreThere() {
    await().until(() -> slices("kubernetes").size() == 1);

    controlPlanes.add(IpAddress.parse("172.30.0.3"));
    reconcilers.wake();

    await().until(() -> slices("kubernetes").get(0).endpoints().size() == 2);
  }

  @Test
  void shouldBringAServiceToItsEndpoints() {
    agent("n1");
    agent("n2");
    pod("web-1", "app: web");
    pod("web-2", "app: web");
    pod("db", "app: db");
    service("web", "app: web");

    await().until(() -> podNode("web-1").isPresent() && podNode("web-2").isPresent());
    assertThat(node("n1").podCidrs()).hasSize(1);
    assertThat(node("n1").podCidrs()).isNotEqualTo(node("n2").podCidrs());
    assertThat(store.claims(Claim.POD_CIDRS)).hasSize(2);
    await().until(() -> slices("web").size() == 1 && slices("web").get(0).endpoints().isEmpty());
    run("web-1", "10.244.0.9", true);
    run("web-2", "10.244.1.9", false);

    await().until(() -> endpoints("web").size() == 2);
    assertThat(endpoints("web"))
        .extracting(endpoint -> endpoint.podName() + " " + endpoint.ready())
        .containsExactly("web-1 true", "web-2 false");
    JsonNode slice =
        manifest("endpointslices.discovery.k8s.io", "default", slices("web").get(0).key().name())
            .orElseThrow();
    assertThat(slice.path("addressType").asText()).isEqualTo("IPv4");
    assertThat(slice.path("metadata").path("ownerReferences").path(0).path("name").asText())
        .isEqualTo("web");

    await()
        .until(() ->
            subset("web").path("notReadyAddresses").size() == 1
                && subset("web").path("addresses").size() == 1);
    assertThat(subset("web").at("/addresses/0/ip").asText()).isEqualTo("10.244.0.9");
    assertThat(subset("web").at("/addresses/0/targetRef/name").asText()).isEqualTo("web-1");
    assertThat(subset("web").at("/ports/0/port").asInt()).isEqualTo(8080);

    store.delete(new ResourceKey("services", "default", "web"), Store.ANY_REVISION);
    await().until(() -> slices("web").isEmpty());
    await().until(() -> manifest("endpoints", "default", "web").isEmpty());
  }

  private JsonNode subset(String service) {
    return manifest("endpoints", "default", service)
        .map(endpoints -> endpoints.at("/subsets/0"))
        .orElse(MissingNode.getInstance());
  }

  @Test
  void shouldLeaveEndpointsOfServicesWithoutASelectorAlone() {
    create(
        "services",
        "{metadata: {name: db, namespace: default}, spec: {clusterIP: 10.96.0.30, ports: [{port:"
            + " 80}]}}");
    create(
        "endpoints",
        """
        metadata: {name: db, namespace: default}
        subsets: [{addresses: [{ip: 172.30.0.1}], ports: [{port: 80}]}]
        """);
    create("endpoints", "{metadata: {name: nobodys, namespace: default}}");
    await().until(() -> slices("db").size() == 1);

    assertThat(subset("db").at("/addresses/0/ip").asText()).isEqualTo("172.30.0.1");
    assertThat(manifest("endpoints", "default", "nobodys")).isPresent();
  }

  @Test
  void shouldLeaveHandWrittenSlicesAlone() {
    create(
        "endpointslices.discovery.k8s.io",
        """
        metadata: {name: web-hand, namespace: default, labels: {kubernetes.io/service-name: web}}
        addressType: IPv4
        ports: [{name: "", port: 80}]
        endpoints: [{addresses: [192.0.2.1]}]
        """);
    agent("n1");
    pod("web-1", "app: web");
    service("web", "app: web");
    run("web-1", "10.244.0.9", true);

    await().until(() -> endpoints("web").size() == 2);
    assertThat(slices("web")).hasSize(2);
    store.delete(new ResourceKey("services", "default", "web"), Store.ANY_REVISION);
    await().until(() -> slices("web").size() == 1);
    assertThat(slices("web").get(0).key().name()).isEqualTo("web-hand");
  }

  @Test
  void shouldTakeTheEndpointsOfADeadNodeOutAndInAgain() {
    agent("n1");
    pod("web-1", "app: web");
    service("web", "app: web");
    await().until(() -> podNode("web-1").isPresent());
    run("web-1", "10.244.0.9", true);
    await().until(() -> endpoints("web").stream().anyMatch(EndpointSlice.Endpoint::ready));

    live.remove("n1");
    await().until(() -> !node("n1").ready());
    await().until(() -> endpoints("web").stream().noneMatch(EndpointSlice.Endpoint::ready));
    live.add("n1");
    reconcilers.wake();

    await().until(() -> endpoints("web").stream().anyMatch(EndpointSlice.Endpoint::ready));
  }

  @Test
  void shouldSayWhyAPodWaits() {
    pod("lonely", "app: web");

    await()
        .until(() ->
            manifest("pods", "default", "lonely")
                .orElseThrow()
                .findValuesAsText("message")
                .contains("0/0 nodes are available."));
    agent("n1");
    await().until(() -> podNode("lonely").isPresent());
  }

  @Test
  void shouldRemoveTerminatingPodsOfNodesThatAreGone() {
    create(
        "pods",
        """
        metadata: {name: old, namespace: default, deletionTimestamp: "2026-01-01T00:00:00Z"}
        spec: {nodeName: gone, containers: []}
        """);

    await().until(() -> manifest("pods", "default", "old").isEmpty());
  }

  @Test
  void shouldWriteNothingWhenNothingChanges() {
    agent("n1");
    pod("web-1", "app: web");
    service("web", "app: web");
    await().until(() -> podNode("web-1").isPresent());
    run("web-1", "10.244.0.9", true);
    await().until(() -> endpoints("web").stream().anyMatch(EndpointSlice.Endpoint::ready));
    await().until(() -> subset("web").path("addresses").size() == 1);
    long settled = store.list("pods", "").revision();

    // A marker goes through a whole pass after the wake.
    reconcilers.wake();
    pod("marker", "app: none");
    await().until(() -> podNode("marker").isPresent());

    // The marker's creation and its binding, and nothing else.
    assertThat(store.list("pods", "").revision()).isEqualTo(settled + 2);
  }

  private void agent(String name) {
    live.add(name);
    create(
        "nodes",
        """
        metadata: {name: %s, annotations: {podwire.io/agent-port: "10250"}}
        status: {conditions: [{type: Ready, status: "True"}]}
        """
            .formatted(name));
  }

  private void pod(String name, String label) {
    create(
        "pods",
        """
        metadata: {name: %s, namespace: default, uid: u-%s, labels: {%s}}
        spec: {containers: [{name: c, image: web, ports: [{name: http, containerPort: 8080}]}]}
        """
            .formatted(name, name, label));
  }

  private void service(String name, String selector) {
    create(
        "services",
        """
        metadata: {name: %s, namespace: default, uid: u-%s}
        spec: {clusterIP: 10.96.0.20, selector: {%s}, ports: [{port: 80, targetPort: http}]}
        """
            .formatted(name, name, selector));
  }

  private void create(String resource, String yaml) {
    ObjectNode manifest = parse(yaml);
    JsonNode metadata = manifest.path("metadata");
    store.create(
        new ResourceKey(
            resource, metadata.path("namespace").asText(), metadata.path("name").asText()),
        ManifestJson.toStored(manifest),
        Set.of());
  }

  private static ObjectNode parse(String yaml) {
    try {
      return (ObjectNode) new YAMLMapper().readTree(yaml);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private void run(String pod, String ip, boolean ready) {
    editor.edit(
        new ResourceKey("pods", "default", pod),
        manifest -> {
          ObjectNode status = manifest.withObject("/status").put("phase", "Running");
          status.put("podIP", ip).putArray("podIPs").addObject().put("ip", ip);
          status
              .putArray("conditions")
              .addObject()
              .put("type", "Ready")
              .put("status", ready ? "True" : "False");
        });
  }

  private Optional<String> podNode(String name) {
    return store
        .get(new ResourceKey("pods", "default", name))
        .map(ModelReader::pod)
        .map(Pod::nodeName);
  }

  private Node node(String name) {
    return ModelReader.node(store.get(new ResourceKey("nodes", "", name)).orElseThrow());
  }

  private List<EndpointSlice> slices(String service) {
    return store.list("endpointslices.discovery.k8s.io", "default").objects().stream()
        .map(ModelReader::endpointSlice)
        .filter(slice -> slice.serviceName().equals(service))
        .toList();
  }

  private List<EndpointSlice.Endpoint> endpoints(String service) {
    return slices(service).stream().flatMap(slice -> slice.endpoints().stream()).toList();
  }

  private Optional<ObjectNode> manifest(String resource, String namespace, String name) {
    return store.get(new ResourceKey(resource, namespace, name)).map(ManifestJson::read);
  }
}
