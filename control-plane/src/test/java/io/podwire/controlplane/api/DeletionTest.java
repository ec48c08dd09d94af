package io.podwire.controlplane.api;

import static io.podwire.controlplane.api.ApiFixture.documents;
import static io.podwire.controlplane.api.ApiFixture.namespace;
import static io.podwire.controlplane.api.ApiFixture.pod;
import static io.podwire.controlplane.api.ApiFixture.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.podwire.cluster.store.Store;
import io.podwire.controlplane.kind.KindTable;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeletionTest {

  private static final String SLICE =
      """
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata: {name: web-1, namespace: hello, labels: {kubernetes.io/service-name: web}}
      addressType: IPv4
      ports: [{port: 8080}]
      endpoints: [{addresses: [10.244.1.5]}]
      """;

  private final ApiFixture api = new ApiFixture();

  @BeforeEach
  void createPods() {
    api.storeNode("node-1", 1);
    String batch =
        documents(
            namespace("hello"),
            service("hello", "web"),
            SLICE,
            pod("hello", "bound"),
            pod("hello", "free"));
    assertThat(api.apply(batch).code()).isEqualTo(200);
    api.run("hello", "bound", "node-1", "Running");
  }

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void shouldKeepANodeWhoseAgentIsConnected() {
    String node = "/api/v1/nodes/node-1";
    api.setReady("node-1", "True");
    assertThat(api.delete(node).at("/message").asText())
        .contains("its agent is connected; stop the agent first");
    assertThat(api.get(node).code()).isEqualTo(200);

    api.setReady("node-1", "Unknown");
    assertThat(api.delete(node).at("/status").asText()).isEqualTo("Success");
    assertThat(api.get(node).code()).isEqualTo(404);
  }

  @Test
  void shouldAskANodeToEndItsPod() {
    var answer = api.delete("/api/v1/namespaces/hello/pods/bound?gracePeriodSeconds=5");

    assertThat(answer.at("/metadata/deletionTimestamp").asText()).isEqualTo("2026-03-01T10:00:05Z");
    assertThat(answer.at("/metadata/deletionGracePeriodSeconds").intValue()).isEqualTo(5);
    assertThat(api.get("/api/v1/namespaces/hello/pods/bound").code()).isEqualTo(200);
    String revision = answer.at("/metadata/resourceVersion").asText();
    var again = api.delete("/api/v1/namespaces/hello/pods/bound");
    assertThat(again.at("/metadata/resourceVersion").asText()).isEqualTo(revision);
    assertThat(api.apply(pod("hello", "bound")).causes())
        .singleElement()
        .asString()
        .contains("is being deleted");
  }

  @Test
  void shouldDeleteAtOnceWhatNoNodeHolds() {
    assertThat(api.delete("/api/v1/namespaces/hello/pods/free").at("/status").asText())
        .isEqualTo("Success");
    assertThat(api.get("/api/v1/namespaces/hello/pods/free").code()).isEqualTo(404);
    assertThat(api.delete("/api/v1/namespaces/hello/pods/bound?gracePeriodSeconds=0").code())
        .isEqualTo(200);
    assertThat(api.get("/api/v1/namespaces/hello/pods/bound").code()).isEqualTo(404);
  }

  @Test
  void shouldTakeAServicesSlicesAlong() {
    api.delete("/api/v1/namespaces/hello/services/web");

    assertThat(api.store.list(KindTable.ENDPOINT_SLICE.resource(), "hello").objects()).isEmpty();
  }

  @Test
  void shouldEmptyANamespaceAndThenRemoveIt() {
    var answer = api.delete("/api/v1/namespaces/hello");

    assertThat(answer.at("/status/phase").asText()).isEqualTo("Terminating");
    assertThat(api.store.list("services", "hello").objects()).isEmpty();
    assertThat(api.store.list("pods", "hello").objects()).hasSize(1);
    assertThat(api.apply(pod("hello", "late")).causes())
        .singleElement()
        .asString()
        .contains("'hello' is being deleted");

    api.store.delete(KindTable.POD.key("hello", "bound"), Store.ANY_REVISION);
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(api.get("/api/v1/namespaces/hello").code()).isEqualTo(404));
  }

  @Test
  void shouldKeepTheNamespacesThatTheClusterNeeds() {
    api.apply(namespace("default"));

    assertThat(api.delete("/api/v1/namespaces/default").code()).isEqualTo(403);
  }

  @Test
  void shouldHonourPreconditions() {
    String body =
        "{\"kind\":\"DeleteOptions\",\"apiVersion\":\"v1\",\"preconditions\":{\"uid\":\"x\"}}";
    var answer = api.send("DELETE", "/api/v1/namespaces/hello/pods/free", body, "application/json");

    assertThat(answer.code()).isEqualTo(409);
    assertThat(answer.message()).contains("the precondition on uid asks for x");
  }

  @Test
  void shouldDeleteEverythingInAManifest() {
    String batch =
        documents(
            service("hello", "web"),
            SLICE,
            pod("hello", "bound"),
            pod("hello", "free"),
            pod("hello", "none"));
    var answer = api.post("/podwire/v1/delete", batch);

    assertThat(answer.json().path("results").findValuesAsText("result"))
        .containsExactly("deleted", "deleted", "terminating", "deleted", "notfound");
    assertThat(api.post("/podwire/v1/delete", "apiVersion: v1\nkind: Pod\n").causes())
        .singleElement()
        .asString()
        .contains("document 1, Pod");
  }
}
