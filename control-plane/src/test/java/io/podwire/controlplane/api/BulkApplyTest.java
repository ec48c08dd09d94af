package io.podwire.controlplane.api;

import static io.podwire.controlplane.api.ApiFixture.documents;
import static io.podwire.controlplane.api.ApiFixture.namespace;
import static io.podwire.controlplane.api.ApiFixture.pod;
import static io.podwire.controlplane.api.ApiFixture.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podwire.cluster.store.Claim;
import io.podwire.cluster.store.MemoryStore;
import io.podwire.cluster.store.ResourceKey;
import io.podwire.cluster.store.Store;
import io.podwire.cluster.store.StoreException;
import io.podwire.cluster.store.StoredObject;
import io.podwire.controlplane.kind.KindTable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BulkApplyTest {

  private final ApiFixture api = new ApiFixture();

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void shouldCreateABatchWithItsNamespaceWhereverThatStands() {
    var answer =
        api.apply(documents(service("hello", "web"), pod("hello", "a"), namespace("hello")));

    assertThat(answer.code()).as(answer.json().toString()).isEqualTo(200);
    assertThat(answer.json().path("results").findValuesAsText("result"))
        .containsExactly("created", "created", "created");
    assertThat(answer.at("/results/0").toString())
        .isEqualTo(
            """
            {"document":1,"apiVersion":"v1","kind":"Service","resource":"services",\
            "namespace":"hello","name":"web","result":"created"}\
            """);
    assertThat(answer.at("/items/0/spec/clusterIP").asText()).startsWith("10.96.");
    assertThat(answer.at("/items/1/status/phase").asText()).isEqualTo("Pending");
    assertThat(answer.at("/items/2/status/phase").asText()).isEqualTo("Active");
    assertThat(answer.json().path("warnings")).isEmpty();
  }

  @Test
  void shouldTellEveryProblemOfEveryDocumentAndApplyNothing() {
    String broken =
        """
        apiVersion: v1
        kind: Service
        metadata: {name: Web, namespace: nowhere}
        spec:
          selectr: {app: web}
          clusterIP: 10.1.2.3
          ports:
          - {port: 70000, protocol: tcp, nodePort: 30080}
          - {port: "80"}
        """;
    String unknown = "apiVersion: v1\nkind: Sevrice\nmetadata: {name: x}\n";
    String empty = "apiVersion: v1\nkind: Pod\nmetadata: {name: empty}\nspec: {containers: []}\n";
    var answer = api.apply(documents(namespace("hello"), broken, unknown, empty));

    assertThat(answer.code()).isEqualTo(422);
    assertThat(answer.at("/reason").asText()).isEqualTo("Invalid");
    assertThat(answer.message()).isEqualTo("13 problems in 3 of 4 documents; nothing was applied");
    assertThat(answer.causes())
        .hasSize(13)
        .anySatisfy(cause ->
            assertThat(cause)
                .isEqualTo(
                    "document 2, Service nowhere/Web: spec.ports[0].port: 70000 is no port; "
                        + "write a number from 1 to 65535"))
        .anySatisfy(cause -> assertThat(cause).contains("spec.selectr", "did you mean selector?"))
        .anySatisfy(
            cause -> assertThat(cause).contains("spec.ports[1].port: '80' is of the wrong type"))
        .anySatisfy(cause -> assertThat(cause).contains("spec.ports[0].protocol", "TCP or UDP"))
        .anySatisfy(cause -> assertThat(cause).contains("spec.ports[0].nodePort", "type: NodePort"))
        .anySatisfy(cause -> assertThat(cause).contains("spec.clusterIP", "10.96.0.0/16"))
        .anySatisfy(cause -> assertThat(cause).contains("metadata.name: 'Web'"))
        .anySatisfy(cause -> assertThat(cause).contains("'nowhere' is no namespace"))
        .anySatisfy(cause ->
            assertThat(cause)
                .contains("document 3", "did you mean Service?", "EndpointSlice (discovery"))
        .anySatisfy(
            cause -> assertThat(cause).contains("document 4", "spec.containers: is required"));
    assertThat(api.get("/api/v1/namespaces").json().path("items")).isEmpty();
  }

  @Test
  void shouldNotChangeWhatIsTheSame() {
    String manifest = documents(namespace("hello"), service("hello", "web"), pod("hello", "a"));
    var first = api.apply(manifest);
    var second = api.apply(manifest);

    assertThat(second.json().path("results").findValuesAsText("result"))
        .containsExactly("unchanged", "unchanged", "unchanged");
    assertThat(second.json().path("items")).isEqualTo(first.json().path("items"));
  }

  @Test
  void shouldDropFieldsThatTheManifestDropsAndKeepWhatOthersWrote() {
    api.apply(namespace("hello"));
    String labelled =
        service("hello", "web")
            .replace("namespace: hello", "namespace: hello, labels: {a: x, b: y}");
    String address = api.apply(labelled).at("/items/0/spec/clusterIP").asText();
    api.patch(
        "/api/v1/namespaces/hello/services/web", "{\"metadata\":{\"labels\":{\"other\":\"z\"}}}");

    var answer = api.apply(labelled.replace("a: x, b: y", "a: x"));

    assertThat(answer.at("/results/0/result").asText()).isEqualTo("configured");
    assertThat(answer.at("/items/0/metadata/labels").toString())
        .isEqualTo("{\"a\":\"x\",\"other\":\"z\"}");
    assertThat(answer.at("/items/0/spec/clusterIP").asText()).isEqualTo(address);
  }

  @Test
  void shouldKeepNodePortsOfPortsThatStay() {
    api.apply(namespace("hello"));
    String manifest =
        """
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: hello}
        spec:
          type: NodePort
          ports:
          - {name: a, port: 80}
          - {name: b, port: 81}
        """;
    var first = api.apply(manifest);
    int kept = first.at("/items/0/spec/ports/1/nodePort").intValue();
    var second = api.apply(manifest.replace("  - {name: a, port: 80}\n", ""));

    assertThat(second.at("/items/0/spec/ports").size()).isEqualTo(1);
    assertThat(second.at("/items/0/spec/ports/0/nodePort").intValue()).isEqualTo(kept);
    assertThat(api.store.claims(Claim.NODE_PORTS)).containsOnlyKeys(Integer.toString(kept));
  }

  @Test
  void shouldRefuseAddressesThatOthersHoldOrNameTwice() {
    api.apply(documents(namespace("hello"), named("one", "10.96.0.50")));
    var answer =
        api.apply(
            documents(
                named("two", "10.96.0.50"),
                named("three", "10.96.0.51"),
                named("four", "10.96.0.51")));

    assertThat(answer.causes())
        .containsExactly(
            "document 1, Service hello/two: spec.clusterIP: '10.96.0.50' is held by "
                + "services/hello/one; choose another, or leave the field out to get a free one",
            "document 3, Service hello/four: spec.clusterIP: '10.96.0.51' is in document 2, "
                + "Service hello/three too; choose another");
  }

  @Test
  void shouldWarnOfASelectorThatMatchesNothing() {
    var answer = api.apply(documents(namespace("hello"), service("hello", "web")));

    assertThat(answer.at("/warnings/0").asText())
        .startsWith(
            "document 2, Service hello/web: spec.selector: {\"app\":\"web\"} matches no Pod");
  }

  @Test
  void shouldRefuseChangesOfImmutableFields() {
    api.apply(documents(namespace("hello"), pod("hello", "a"), named("web", "10.96.0.50")));
    var answer =
        api.apply(
            documents(
                pod("hello", "a").replace("args: [netexec]", "args: [connect]"),
                named("web", "10.96.0.60")));

    assertThat(answer.causes())
        .anySatisfy(cause ->
            assertThat(cause).contains("hello/a: spec.containers: a Pod's spec does not change"))
        .anySatisfy(
            cause -> assertThat(cause).contains("hello/web: spec.clusterIP", "is immutable"));
    assertThat(
            api.apply(pod("hello", "a").replace("podwire/agnhost", "podwire/agnhost:2"))
                .at("/results/0/result")
                .asText())
        .isEqualTo("configured");
  }

  @Test
  void shouldUnderstandAListAndPutObjectsIntoTheDefaultNamespace() {
    String list =
        """
        {"kind": "List", "apiVersion": "v1", "items": [
          {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "default"}},
          {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "ext"},
           "spec": {"type": "ExternalName", "externalName": "example.org"}}]}
        """;
    var answer = api.send("POST", "/podwire/v1/apply", list, "application/json");

    assertThat(answer.code()).as(answer.json().toString()).isEqualTo(200);
    assertThat(answer.at("/results/1/namespace").asText()).isEqualTo("default");
    assertThat(answer.at("/items/1/spec/clusterIP").isMissingNode()).isTrue();
  }

  @Test
  void shouldWriteNothingOnDryRun() {
    var answer =
        api.post(
            "/podwire/v1/apply?dryRun=All", documents(namespace("hello"), service("hello", "web")));

    assertThat(answer.at("/items/1/spec/clusterIP").asText()).startsWith("10.96.");
    assertThat(api.store.list("namespaces", "").objects()).isEmpty();
    assertThat(api.store.claims(Claim.CLUSTER_IPS)).isEmpty();
  }

  @Test
  void shouldSayWhereABodyIsNoYaml() {
    var answer = api.apply(namespace("hello") + "---\nkind: Pod\n  bad: [\n");

    assertThat(answer.code()).isEqualTo(400);
    assertThat(answer.message()).startsWith("document 2 is not YAML: line 6, column ");
  }

  @Test
  void shouldTellProblemsWithoutHttpToo() {
    BulkApply apply = BulkApply.of(api.environment);

    assertThatThrownBy(() -> apply.apply(bytes("a: ["), "default"))
        .isInstanceOf(RequestRefusedException.class)
        .hasMessageContaining("document 1 is not YAML");
    assertThatThrownBy(() -> apply.apply(bytes(pod("nowhere", "a")), "default"))
        .isInstanceOfSatisfying(
            RequestRefusedException.class,
            e -> assertThat(e.problems()).singleElement().asString().contains("is no namespace"));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void shouldTakeBackWhatItWroteWhereALaterWriteFails() {
    MemoryStore memory = new MemoryStore();
    Store failing =
        creating(
            memory,
            (key, create) -> {
              if (key.name().equals("b")) {
                throw new StoreException.Unavailable(
                    "connection lost", new IllegalStateException());
              }
              return create.get();
            });
    BulkApply apply = BulkApply.of(ApiFixture.environment(failing));
    String manifests = documents(namespace("hello"), service("hello", "web"), pod("hello", "b"));

    assertThat(
            Assertions.catchThrowableOfType(
                    RequestRefusedException.class,
                    () -> apply.apply(manifests.getBytes(StandardCharsets.UTF_8), "default"))
                .problems())
        .singleElement()
        .asString()
        .contains("document 3, Pod hello/b", "connection lost", "nothing was applied");
    assertThat(memory.all()).isEmpty();
    assertThat(memory.claims(Claim.CLUSTER_IPS)).isEmpty();
  }

  @Test
  void shouldChooseAnotherAddressWhereOneIsTakenMeanwhile() {
    MemoryStore memory = new MemoryStore();
    AtomicInteger lost = new AtomicInteger();
    Store racing =
        creating(
            memory,
            (key, create) -> {
              if (key.name().equals("web") && lost.getAndIncrement() < 2) {
                throw new StoreException.ClaimTaken(new Claim(Claim.CLUSTER_IPS, "10.96.77.77"));
              }
              return create.get();
            });
    BulkApply apply = BulkApply.of(ApiFixture.environment(racing));
    apply.apply(
        documents(namespace("hello"), service("hello", "web")).getBytes(StandardCharsets.UTF_8),
        "default");

    assertThat(lost).hasValue(3);
    assertThat(memory.get(KindTable.SERVICE.key("hello", "web"))).isPresent();
    assertThat(memory.claims(Claim.CLUSTER_IPS)).hasSize(1);
  }

  private static String named(String name, String clusterIp) {
    return service("hello", name).replace("spec:", "spec:\n  clusterIP: " + clusterIp);
  }

  private interface Create {
    StoredObject get();
  }

  /** A store whose creations go through a hook. */
  private static Store creating(Store store, BiFunction<ResourceKey, Create, StoredObject> hook) {
    return (Store)
        Proxy.newProxyInstance(
            Store.class.getClassLoader(),
            new Class<?>[] {Store.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("create")) {
                ResourceKey key = (ResourceKey) arguments[0];
                @SuppressWarnings("unchecked")
                Set<Claim> claims = (Set<Claim>) arguments[2];
                return hook.apply(key, () -> store.create(key, (byte[]) arguments[1], claims));
              }
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
