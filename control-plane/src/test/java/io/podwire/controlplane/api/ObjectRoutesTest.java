package io.podwire.controlplane.api;

import static io.podwire.controlplane.api.ApiFixture.namespace;
import static io.podwire.controlplane.api.ApiFixture.pod;
import static io.podwire.controlplane.api.ApiFixture.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.cluster.store.Claim;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ObjectRoutesTest {

  private static final String PODS = "/api/v1/namespaces/hello/pods";
  private static final String SERVICES = "/api/v1/namespaces/hello/services";

  private final ApiFixture api = new ApiFixture();

  @BeforeEach
  void createNamespace() {
    assertThat(api.post("/api/v1/namespaces", namespace("hello")).code()).isEqualTo(201);
  }

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void shouldListAsKubernetesDoes() {
    api.post(PODS, pod("hello", "a"));

    assertThat(api.get(PODS).json().toPrettyString().replace("\r", ""))
        .isEqualTo(
            """
            {
              "kind" : "PodList",
              "apiVersion" : "v1",
              "metadata" : {
                "resourceVersion" : "2"
              },
              "items" : [ {
                "apiVersion" : "v1",
                "kind" : "Pod",
                "metadata" : {
                  "name" : "a",
                  "namespace" : "hello",
                  "labels" : {
                    "app" : "web"
                  },
                  "uid" : "%s",
                  "creationTimestamp" : "2026-03-01T10:00:00Z",
                  "generation" : 1,
                  "resourceVersion" : "2"
                },
                "spec" : {
                  "containers" : [ {
                    "name" : "main",
                    "image" : "podwire/agnhost",
                    "args" : [ "netexec" ]
                  } ],
                  "restartPolicy" : "Always",
                  "terminationGracePeriodSeconds" : 30,
                  "dnsPolicy" : "ClusterFirst"
                },
                "status" : {
                  "phase" : "Pending"
                }
              } ]
            }\
            """
                .formatted(api.get(PODS + "/a").at("/metadata/uid").asText()));
    assertThat(api.get(PODS + "/a").at("/metadata/uid").asText())
        .matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  }

  @Test
  void shouldListAllNamespacesBySelectorAndInPages() {
    api.post("/api/v1/namespaces", namespace("other"));
    for (String name : List.of("a", "b", "c")) {
      api.post(PODS, pod("hello", name));
    }
    api.post("/api/v1/namespaces/other/pods", pod("other", "d").replace("app: web", "app: db"));

    assertThat(names("/api/v1/pods")).containsExactly("a", "b", "c", "d");
    assertThat(names("/api/v1/pods?labelSelector=app%3Ddb")).containsExactly("d");
    assertThat(names("/api/v1/pods?fieldSelector=metadata.name%3Db")).containsExactly("b");

    List<String> paged = new ArrayList<>();
    String token = "";
    do {
      var page = api.get("/api/v1/pods?limit=2&continue=" + token);
      paged.addAll(
          page.json().path("items").findValuesAsText("name").stream()
              .filter(n -> n.length() == 1)
              .toList());
      token = page.at("/metadata/continue").asText("");
    } while (!token.isEmpty());
    assertThat(paged).containsExactly("a", "b", "c", "d");
  }

  @Test
  void shouldRefuseAStaleResourceVersion() {
    var created = api.post(SERVICES, service("hello", "web"));
    String stale = created.json().toString();
    api.patch(SERVICES + "/web", "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}");

    var answer = api.put(SERVICES + "/web", stale);
    assertThat(answer.code()).isEqualTo(409);
    assertThat(answer.at("/reason").asText()).isEqualTo("Conflict");
    assertThat(answer.message()).contains("the object has been modified");
    assertThat(api.get(SERVICES + "/web").at("/metadata/labels/a").asText()).isEqualTo("b");
  }

  @Test
  void shouldKeepAddressesThatAReplacementLeavesOut() {
    var created = api.post(SERVICES, service("hello", "web"));
    var replaced =
        api.put(SERVICES + "/web", service("hello", "web").replace("port: 80", "port: 81"));

    assertThat(replaced.code()).isEqualTo(200);
    assertThat(replaced.at("/spec/clusterIP")).isEqualTo(created.at("/spec/clusterIP"));
    assertThat(replaced.at("/metadata/generation").intValue()).isEqualTo(2);
    assertThat(replaced.at("/metadata/uid")).isEqualTo(created.at("/metadata/uid"));
  }

  @Test
  void shouldReleaseAddressesOnDeletionAndOnChangeOfType() {
    String address =
        api.post(SERVICES, service("hello", "web").replace("spec:", "spec:\n  type: NodePort"))
            .at("/spec/clusterIP")
            .asText();
    assertThat(api.store.claims(Claim.CLUSTER_IPS)).containsOnlyKeys(address);
    assertThat(api.store.claims(Claim.NODE_PORTS)).containsOnlyKeys("30086");

    api.patch(SERVICES + "/web", "{\"spec\":{\"type\":\"ClusterIP\"}}");
    assertThat(api.store.claims(Claim.NODE_PORTS)).isEmpty();

    assertThat(api.delete(SERVICES + "/web").at("/status").asText()).isEqualTo("Success");
    assertThat(api.store.claims(Claim.CLUSTER_IPS)).isEmpty();
  }

  @Test
  void shouldMakeHeadlessServicesWithoutAddresses() {
    var answer =
        api.post(SERVICES, service("hello", "web").replace("spec:", "spec:\n  clusterIP: None"));

    assertThat(answer.at("/spec/clusterIPs").toString()).isEqualTo("[\"None\"]");
    assertThat(api.store.claims(Claim.CLUSTER_IPS)).isEmpty();
  }

  @Test
  void shouldChangeTheStatusAlone() {
    api.post(PODS, pod("hello", "a"));
    api.patch(PODS + "/a", "{\"status\":{\"phase\":\"Failed\"}}");
    assertThat(api.get(PODS + "/a").at("/status/phase").asText()).isEqualTo("Pending");

    var answer =
        api.patch(
            PODS + "/a/status",
            "{\"metadata\":{\"labels\":{\"x\":\"y\"}},\"status\":{\"phase\":\"Running\"}}");
    assertThat(answer.at("/status/phase").asText()).isEqualTo("Running");
    assertThat(answer.at("/metadata/labels/x").isMissingNode()).isTrue();
    assertThat(answer.at("/metadata/generation").intValue()).isEqualTo(1);
  }

  @Test
  void shouldWarnOfUnknownFieldsWhereAsked() {
    String manifest = pod("hello", "a").replace("spec:", "spec:\n  nodeNam: x");

    var strict = api.post(PODS, manifest);
    assertThat(strict.code()).isEqualTo(422);
    assertThat(strict.message()).contains("spec.nodeNam: no such field; did you mean nodeName?");
    var lenient = api.post(PODS + "?fieldValidation=Warn", manifest);
    assertThat(lenient.code()).isEqualTo(201);
    assertThat(lenient.warnings()).singleElement().asString().contains("spec.nodeNam");
    assertThat(lenient.at("/spec/nodeNam").asText()).isEqualTo("x");
    assertThat(api.post(PODS + "?fieldValidation=Maybe", manifest).code()).isEqualTo(400);
  }

  @Test
  void shouldGenerateNames() {
    var answer = api.post(PODS, pod("hello", "a").replace("name: a,", "generateName: web-,"));

    assertThat(answer.at("/metadata/name").asText()).matches("web-[b-z0-9]{5}");
  }

  @Test
  void shouldAnswerFailuresWithTheStatusThatKubernetesGives() {
    assertStatus(api.get(PODS + "/nobody"), 404, "NotFound", "pods \"nobody\" not found");
    assertStatus(api.get(PODS + "/..%2F..%2Fx"), 404, "NotFound", "not found");
    assertStatus(api.get("/api/v1/gadgets"), 404, "NotFound", "nothing at /api/v1/gadgets");
    assertStatus(api.delete("/version"), 405, "MethodNotAllowed", "use GET");
    assertStatus(
        api.post(PODS, pod("elsewhere", "a")), 400, "BadRequest", "does not match the namespace");
    assertStatus(
        api.post(PODS, service("hello", "a")), 400, "BadRequest", "send a Pod of apiVersion v1");
    assertStatus(api.post(PODS, "{"), 400, "BadRequest", "is not JSON: line 1, column");
    assertStatus(api.post(PODS, ""), 400, "BadRequest", "holds 0 objects");
    assertStatus(
        api.send("POST", PODS, "x", "text/plain"), 415, "UnsupportedMediaType", "text/plain");
    assertStatus(
        api.send("PATCH", PODS + "/a", "[]", "application/json-patch+json"),
        415,
        "UnsupportedMediaType",
        "send application/merge-patch+json");
    assertStatus(api.get(PODS + "?limit=x"), 400, "BadRequest", "limit: 'x'");
    assertStatus(api.get(PODS + "?continue=x"), 400, "BadRequest", "continue: 'x'");
    api.post(PODS, pod("hello", "a"));
    assertStatus(
        api.post(PODS, pod("hello", "a")), 409, "AlreadyExists", "pods \"a\" already exists");
    assertStatus(
        api.post("/api/v1/namespaces/nowhere/pods", pod("nowhere", "a")),
        422,
        "Invalid",
        "'nowhere' is no namespace");
  }

  @Test
  void shouldRefuseBodiesThatAreTooLargeOrTooDeep() {
    assertStatus(
        api.post(PODS, "#" + "x".repeat(4 << 20)), 413, "RequestEntityTooLarge", "3145728");
    assertStatus(
        api.send("POST", PODS, "{\"a\":".repeat(200), "application/json"),
        400,
        "BadRequest",
        "depth");
    assertStatus(
        api.post(PODS, "a: " + "[".repeat(200) + "]".repeat(200)), 400, "BadRequest", "YAML");
    StringBuilder aliases = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
    for (int i = 1; i < 10; i++) {
      aliases.append("a%d: &a%d [%s]\n".formatted(i, i, "*a%d,".formatted(i - 1).repeat(5) + "x"));
    }
    assertStatus(api.post(PODS, aliases.toString()), 400, "BadRequest", "alias");
  }

  private static void assertStatus(ApiFixture.Answer answer, int code, String reason, String text) {
    assertThat(answer.code()).as(answer.json().toString()).isEqualTo(code);
    assertThat(answer.at("/kind").asText()).isEqualTo("Status");
    assertThat(answer.at("/status").asText()).isEqualTo("Failure");
    assertThat(answer.at("/code").intValue()).isEqualTo(code);
    assertThat(answer.at("/reason").asText()).isEqualTo(reason);
    assertThat(answer.message()).contains(text);
  }

  private List<String> names(String path) {
    List<String> names = new ArrayList<>();
    api.get(path).json().path("items").forEach(i -> names.add(i.at("/metadata/name").asText()));
    return names;
  }
}
