package io.podwire.controlplane.api;

import static io.podwire.controlplane.api.ApiFixture.namespace;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.podwire.cluster.store.Claim;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServiceTypesTest {

  private static final String SERVICES = "/api/v1/namespaces/hello/services";
  private static final String WEB = SERVICES + "/web";

  private final ApiFixture api = ApiFixture.dualStack();

  @BeforeEach
  void createNamespace() {
    api.post("/api/v1/namespaces", namespace("hello"));
  }

  @AfterEach
  void close() {
    api.close();
  }

  private JsonNode create(String fields) {
    var answer =
        api.post(
            SERVICES,
            """
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: hello}
            spec:
              selector: {app: web}
              ports: [{port: 80}]
            %s
            """
                .formatted(fields.indent(2)));
    assertThat(answer.code()).as(answer.json().toPrettyString()).isEqualTo(201);
    return answer.at("/spec");
  }

  private JsonNode patch(String spec) {
    var answer = api.patch(WEB, "{\"spec\":" + spec.replace('\'', '"') + "}");
    assertThat(answer.code()).as(answer.json().toPrettyString()).isEqualTo(200);
    return answer.at("/spec");
  }

  private Set<String> claims(String pool) {
    return new TreeSet<>(api.store.claims(pool).keySet());
  }

  @Test
  void shouldReleaseAndAllocateAsTheTypeChanges() {
    String clusterIp = create("").path("clusterIP").asText();
    assertThat(claims(Claim.CLUSTER_IPS)).containsExactly(clusterIp);

    JsonNode nodePort = patch("{'type':'NodePort'}");
    String port = nodePort.at("/ports/0/nodePort").asText();
    assertThat(claims(Claim.NODE_PORTS)).containsExactly(port);
    assertThat(nodePort.path("externalTrafficPolicy").asText()).isEqualTo("Cluster");

    JsonNode balanced = patch("{'type':'LoadBalancer','externalTrafficPolicy':'Local'}");
    assertThat(balanced.at("/ports/0/nodePort").asText()).isEqualTo(port);
    assertThat(balanced.path("allocateLoadBalancerNodePorts").asBoolean()).isTrue();
    String healthCheck = balanced.path("healthCheckNodePort").asText();
    assertThat(claims(Claim.NODE_PORTS)).containsExactlyInAnyOrder(port, healthCheck);

    JsonNode withoutHealthCheck = patch("{'externalTrafficPolicy':'Cluster'}");
    assertThat(withoutHealthCheck.has("healthCheckNodePort")).isFalse();
    assertThat(claims(Claim.NODE_PORTS)).containsExactly(port);

    JsonNode inside = patch("{'type':'ClusterIP'}");
    assertThat(inside.has("externalTrafficPolicy")).isFalse();
    assertThat(inside.has("allocateLoadBalancerNodePorts")).isFalse();
    assertThat(inside.at("/ports/0").has("nodePort")).isFalse();
    assertThat(inside.path("clusterIP").asText()).isEqualTo(clusterIp);
    assertThat(claims(Claim.NODE_PORTS)).isEmpty();

    JsonNode alias = patch("{'type':'ExternalName','externalName':'db.example.org'}");
    assertThat(alias.has("clusterIP")).isFalse();
    assertThat(alias.has("ipFamilies")).isFalse();
    assertThat(claims(Claim.CLUSTER_IPS)).isEmpty();

    JsonNode again = patch("{'type':'ClusterIP'}");
    assertThat(again.has("externalName")).isFalse();
    assertThat(claims(Claim.CLUSTER_IPS)).containsExactly(again.path("clusterIP").asText());
  }

  @Test
  void shouldAllocateNoNodePortsWhereTheManifestWantsNone() {
    JsonNode spec = create("type: LoadBalancer\nallocateLoadBalancerNodePorts: false");
    assertThat(spec.at("/ports/0").has("nodePort")).isFalse();
    assertThat(claims(Claim.NODE_PORTS)).isEmpty();
  }

  @Test
  void shouldGiveAddressesOfTheFamiliesThatThePolicyAsksFor() {
    JsonNode single = create("");
    assertThat(single.path("ipFamilies").toString()).isEqualTo("[\"IPv4\"]");
    assertThat(single.path("ipFamilyPolicy").asText()).isEqualTo("SingleStack");

    JsonNode dual = patch("{'ipFamilyPolicy':'PreferDualStack'}");
    assertThat(dual.path("ipFamilies").toString()).isEqualTo("[\"IPv4\",\"IPv6\"]");
    assertThat(dual.at("/clusterIPs/0").asText()).isEqualTo(single.path("clusterIP").asText());
    assertThat(dual.at("/clusterIPs/1").asText()).startsWith("fd00:96:");
    assertThat(claims(Claim.CLUSTER_IPS)).hasSize(2);

    JsonNode reduced = patch("{'ipFamilyPolicy':'SingleStack'}");
    assertThat(reduced.path("clusterIPs")).hasSize(1);
    assertThat(claims(Claim.CLUSTER_IPS)).containsExactly(single.path("clusterIP").asText());
  }

  @Test
  void shouldTakeTheFamilyThatIsNamedFirst() {
    JsonNode spec = create("ipFamilies: [IPv6, IPv4]\nipFamilyPolicy: RequireDualStack");
    assertThat(spec.path("clusterIP").asText()).startsWith("fd00:96:");
    assertThat(spec.at("/clusterIPs/1").asText()).startsWith("10.96.");
  }

  @Test
  void shouldLeaveAHeadlessServiceWithoutAddresses() {
    JsonNode spec = create("clusterIP: None");
    assertThat(spec.path("clusterIPs").toString()).isEqualTo("[\"None\"]");
    assertThat(spec.path("ipFamilies").toString()).isEqualTo("[\"IPv4\"]");
    assertThat(claims(Claim.CLUSTER_IPS)).isEmpty();
  }

  @Test
  void shouldRefuseChangesOfWhatMayNotChange() {
    create("type: LoadBalancer\nexternalTrafficPolicy: Local\nhealthCheckNodePort: 31999");
    for (String spec :
        new String[] {
          "{'loadBalancerClass':'example.com/other'}",
          "{'healthCheckNodePort':32000}",
          "{'clusterIP':'10.96.0.99','clusterIPs':null}"
        }) {
      assertThat(api.patch(WEB, "{\"spec\":" + spec.replace('\'', '"') + "}").code())
          .as(spec)
          .isEqualTo(422);
    }
  }

  @Test
  void shouldRefuseANodePortThatIsAnothersHealthCheck() {
    create("type: LoadBalancer\nexternalTrafficPolicy: Local\nhealthCheckNodePort: 31999");
    var answer =
        api.post(
            SERVICES,
            """
            apiVersion: v1
            kind: Service
            metadata: {name: other, namespace: hello}
            spec: {type: NodePort, ports: [{port: 80, nodePort: 31999}]}
            """);
    assertThat(answer.code()).isEqualTo(422);
    assertThat(answer.causes())
        .anyMatch(cause -> cause.contains("'31999' is held by services/hello/web"));
  }
}
