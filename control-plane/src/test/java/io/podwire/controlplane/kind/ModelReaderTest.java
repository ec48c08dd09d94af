package io.podwire.controlplane.kind;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.cluster.model.Container;
import io.podwire.cluster.model.EndpointSlice;
import io.podwire.cluster.model.Namespace;
import io.podwire.cluster.model.Node;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Pod;
import io.podwire.cluster.model.PodPhase;
import io.podwire.cluster.model.PodSpec;
import io.podwire.cluster.model.PortRef;
import io.podwire.cluster.model.Probe;
import io.podwire.cluster.model.Protocol;
import io.podwire.cluster.model.Service;
import io.podwire.cluster.store.StoredObject;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelReaderTest {

  @Test
  void shouldReadAMinimalPodWithDefaults() {
    StoredObject stored =
        stored(
            KindTable.POD,
            """
            metadata: {name: a, namespace: n}
            spec: {containers: [{name: main, image: x, readinessProbe: {tcpSocket: {port: 80}}}]}
            """);

    assertThat(ModelReader.pod(stored))
        .isEqualTo(
            new Pod(
                new ObjectName("n", "a"),
                "",
                Map.of(),
                null,
                new PodSpec(
                    List.of(
                        new Container(
                            "main",
                            "x",
                            List.of(),
                            List.of(),
                            Map.of(),
                            "",
                            List.of(),
                            new Probe(
                                new Probe.TcpSocket("", new PortRef.Number(80)), 0, 10, 1, 1, 3))),
                    PodSpec.RestartPolicy.ALWAYS,
                    Map.of(),
                    null,
                    null,
                    false),
                PodPhase.PENDING,
                List.of(),
                false,
                false,
                30));
  }

  @Test
  void shouldReadARunningPod() {
    Pod pod =
        ModelReader.pod(
            stored(
                KindTable.POD,
                """
                metadata:
                  name: a
                  namespace: n
                  uid: u
                  labels: {app: web}
                  deletionTimestamp: "2026-01-01T00:00:00Z"
                  deletionGracePeriodSeconds: 4
                spec:
                  nodeName: node-1
                  restartPolicy: OnFailure
                  hostname: h
                  subdomain: s
                  nodeSelector: {disk: ssd}
                  containers:
                  - name: main
                    image: x
                    command: [sh, -c]
                    args: ["exit 1"]
                    workingDir: /tmp
                    env: [{name: A, value: b}, {name: EMPTY}]
                    ports: [{name: dns, containerPort: 53, protocol: UDP}]
                    readinessProbe:
                      httpGet: {port: web, path: /ready}
                      periodSeconds: 2
                      failureThreshold: 5
                status:
                  phase: Running
                  podIP: 10.244.1.5
                  podIPs: [{ip: 10.244.1.5}]
                  conditions: [{type: Ready, status: "True"}]
                """));

    Container main = pod.spec().containers().getFirst();
    assertThat(pod.nodeName()).isEqualTo("node-1");
    assertThat(pod.podIps()).containsExactly(IpAddress.parse("10.244.1.5"));
    assertThat(pod.ready()).isTrue();
    assertThat(pod.terminating()).isTrue();
    assertThat(pod.gracePeriodSeconds()).isEqualTo(4);
    assertThat(pod.phase()).isEqualTo(PodPhase.RUNNING);
    assertThat(pod.spec().restartPolicy()).isEqualTo(PodSpec.RestartPolicy.ON_FAILURE);
    assertThat(main.env()).isEqualTo(Map.of("A", "b", "EMPTY", ""));
    assertThat(main.ports()).containsExactly(new Container.ContainerPort("dns", 53, Protocol.UDP));
    assertThat(main.readinessProbe())
        .isEqualTo(
            new Probe(
                new Probe.HttpGet("HTTP", "", new PortRef.Named("web"), "/ready"), 0, 2, 1, 1, 5));
  }

  @Test
  void shouldReadServices() {
    Service service =
        ModelReader.service(
            stored(
                KindTable.SERVICE,
                """
                metadata: {name: s, namespace: n}
                spec:
                  type: NodePort
                  clusterIP: 10.96.0.9
                  selector: {app: web}
                  ports: [{port: 80, nodePort: 30080}, {name: dns, port: 53, protocol: UDP, targetPort: dns}]
                """));

    assertThat(service)
        .isEqualTo(
            new Service(
                new ObjectName("n", "s"),
                Service.Type.NODE_PORT,
                false,
                List.of(IpAddress.parse("10.96.0.9")),
                List.of(
                    new Service.Port("", Protocol.TCP, 80, new PortRef.Number(80), 30080),
                    new Service.Port("dns", Protocol.UDP, 53, new PortRef.Named("dns"), 0)),
                Map.of("app", "web"),
                "",
                false));
  }

  @Test
  void shouldReadHeadlessAndExternalServices() {
    Service headless =
        ModelReader.service(
            stored(
                KindTable.SERVICE,
                """
                metadata: {name: s, namespace: n}
                spec: {clusterIP: None, clusterIPs: [None], publishNotReadyAddresses: true}
                """));
    assertThat(headless.headless()).isTrue();
    assertThat(headless.clusterIps()).isEmpty();
    assertThat(headless.publishNotReadyAddresses()).isTrue();

    Service external =
        ModelReader.service(
            stored(
                KindTable.SERVICE,
                """
                metadata: {name: s, namespace: n}
                spec: {type: ExternalName, externalName: example.org}
                """));
    assertThat(external.type()).isEqualTo(Service.Type.EXTERNAL_NAME);
    assertThat(external.externalName()).isEqualTo("example.org");
  }

  @Test
  void shouldTakeWhatIsUnknownOfAnEndpointAsKubeProxyDoes() {
    EndpointSlice slice =
        ModelReader.endpointSlice(
            stored(
                KindTable.ENDPOINT_SLICE,
                """
                metadata: {name: s, namespace: n, labels: {kubernetes.io/service-name: web}}
                addressType: IPv4
                ports: [{name: "", port: 8080}]
                endpoints:
                - {addresses: [10.244.1.1]}
                - {addresses: [10.244.1.2], conditions: {ready: false}}
                - {addresses: [10.244.1.3], conditions: {ready: true, serving: true, terminating: true}}
                - {addresses: [10.244.1.4], hostname: h, nodeName: node-1, targetRef: {kind: Pod, name: p}}
                """));

    assertThat(slice.serviceName()).isEqualTo("web");
    assertThat(slice.ports()).containsExactly(new EndpointSlice.Port("", Protocol.TCP, 8080));
    assertThat(slice.endpoints())
        .extracting(EndpointSlice.Endpoint::ready)
        .containsExactly(true, false, true, true);
    assertThat(slice.endpoints())
        .extracting(EndpointSlice.Endpoint::serving)
        .containsExactly(true, true, true, true);
    assertThat(slice.endpoints().getLast().podName()).isEqualTo("p");
  }

  @Test
  void shouldReadANodeWithItsTunnelEndpoint() {
    Node node =
        ModelReader.node(
            stored(
                KindTable.NODE,
                """
                metadata:
                  name: node-1
                  labels: {disk: ssd}
                  annotations:
                    podwire.io/vtep-mac: 0a:58:0a:f4:01:01
                    podwire.io/agent-port: "10250"
                spec: {podCIDR: 10.244.1.0/24, unschedulable: true}
                status:
                  addresses: [{type: Hostname, address: node-1}, {type: InternalIP, address: 172.30.0.11}]
                  conditions: [{type: Ready, status: "True"}]
                """));

    assertThat(node)
        .isEqualTo(
            new Node(
                "node-1",
                IpAddress.parse("172.30.0.11"),
                MacAddress.parse("0a:58:0a:f4:01:01"),
                4789,
                10250,
                List.of(Cidr.parse("10.244.1.0/24")),
                true,
                true,
                Map.of("disk", "ssd")));
  }

  @Test
  void shouldReadByResource() {
    assertThat(ModelReader.read(stored(KindTable.NAMESPACE, "metadata: {name: n}")))
        .contains(new Namespace("n"));
  }

  @Test
  void shouldReadTheLabelsThatDnsSelectsBy() {
    assertThat(
            ModelReader.namespace(
                    stored(KindTable.NAMESPACE, "metadata: {name: n, labels: {team: a}}"))
                .labels())
        .isEqualTo(Map.of("team", "a"));
    assertThat(
            ModelReader.service(
                    stored(
                        KindTable.SERVICE, "metadata: {name: s, namespace: n, labels: {app: web}}"))
                .labels())
        .isEqualTo(Map.of("app", "web"));
  }

  private static StoredObject stored(Kind kind, String yaml) {
    var manifest = Checked.yaml(yaml);
    manifest.put("apiVersion", kind.apiVersion()).put("kind", kind.name());
    Field metadata = Field.root(manifest).at("metadata");
    return new StoredObject(
        kind.key(metadata.at("namespace").textOr(""), metadata.at("name").textOr("")),
        ManifestJson.toStored(manifest),
        7);
  }
}
