package io.podwire.controlplane.kind;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.cluster.store.Claim;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KindRulesTest {

  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: a, namespace: n, labels: {app: web}}
      spec:
        nodeSelector: {disk: ssd}
        containers:
        - name: main
          image: podwire/agnhost
          env: [{name: A, value: b}]
          ports: [{name: http, containerPort: 8080}]
          readinessProbe: {httpGet: {port: http}, periodSeconds: 0}
      """;

  private static final String SERVICE =
      """
      apiVersion: v1
      kind: Service
      metadata: {name: a, namespace: n}
      spec:
        type: NodePort
        clusterIP: 10.96.0.50
        selector: {app: web}
        ports:
        - {name: dns, port: 53, protocol: UDP, nodePort: 30053}
        - {name: dns-tcp, port: 53, targetPort: dns-tcp}
      """;

  private static final String SLICE =
      """
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata: {name: a, namespace: n, labels: {kubernetes.io/service-name: a}}
      addressType: IPv4
      ports: [{name: http, port: 8080}]
      endpoints: [{addresses: [10.244.1.5], hostname: h}]
      """;

  private static final String NODE =
      """
      apiVersion: v1
      kind: Node
      metadata:
        name: node-1
        annotations: {podwire.io/vtep-mac: "0a:58:0a:f4:00:01", podwire.io/vxlan-port: "4789"}
      spec: {podCIDR: 10.244.1.0/24}
      status: {addresses: [{type: InternalIP, address: 172.30.0.11}]}
      """;

  @Test
  void shouldAcceptWhatIsRight() {
    for (String manifest : new String[] {POD, SERVICE, SLICE, NODE}) {
      Checked checked = Checked.of(manifest);
      assertThat(checked.problems()).isEmpty();
      assertThat(checked.warnings()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "name: a,              | name: A_b,              | metadata.name: 'A_b' is no valid name;"
            + " write at most 253 characters",
        "name: a,              | name: '',               | metadata.name: is required",
        "app: web              | app: 'a b'              | metadata.labels[app]: 'a b' is no label"
            + " value",
        "app: web              | /x: y                   | metadata.labels[/x]: '/x' is no valid"
            + " key",
        "app: web              | app: 5                  | metadata.labels[app]: 5 is of the wrong"
            + " type; write text; put it in quotes",
        "namespace: n,         | namespace: n, finalizers: [x], | metadata.finalizers: finalizers"
            + " are not supported",
        "disk: ssd             | disk: [ssd]             | spec.nodeSelector[disk]: [\"ssd\"] is of"
            + " the wrong type",
        "name: main            | name: Main              | spec.containers[0].name: 'Main' is no"
            + " valid name",
        "image: podwire/agnhost| imagePullPolicy: Always | spec.containers[0].image: is required;"
            + " write an image such as podwire/agnhost, or a command",
        "image: podwire/agnhost| imgae: x                | spec.containers[0].imgae: no such field;"
            + " did you mean image?",
        "containerPort: 8080   | containerPort: 0        |"
            + " spec.containers[0].ports[0].containerPort: 0 is no port; write a number from 1 to"
            + " 65535",
        "containerPort: 8080   | hostPort: 80            |"
            + " spec.containers[0].ports[0].containerPort: is required",
        "containerPort: 8080}  | containerPort: 8080}, {containerPort: 8080}  |"
            + " spec.containers[0].ports[1]: port 8080/TCP is there twice, in"
            + " spec.containers[0].ports[0] too",
        "name: http,           | name: a-name-that-is-long,| spec.containers[0].ports[0].name:"
            + " 'a-name-that-is-long' is no valid name; write at most 15",
        "name: A, value: b     | name: A, valueFrom: {fieldRef: {fieldPath: x}} |"
            + " spec.containers[0].env[0].valueFrom: sources of values are not supported",
        "name: A, value: b     | value: b                | spec.containers[0].env[0].name: is"
            + " required",
        "httpGet: {port: http} | httpGet: {port: 0}      |"
            + " spec.containers[0].readinessProbe.httpGet.port: 0 is no port",
        "httpGet: {port: http} | httpGet: {path: /}      |"
            + " spec.containers[0].readinessProbe.httpGet.port: is required",
        "httpGet: {port: http} | httpGet: {port: http}, exec: {command: [x]} |"
            + " spec.containers[0].readinessProbe: has httpGet and exec; keep one of them",
        "httpGet: {port: http} | initialDelaySeconds: 1  | spec.containers[0].readinessProbe: is"
            + " required; write one of httpGet, tcpSocket and exec",
        "httpGet: {port: http} | exec: {}                |"
            + " spec.containers[0].readinessProbe.exec.command: is required",
        "httpGet: {port: http} | grpc: {port: 5}         | spec.containers[0].readinessProbe.grpc:"
            + " gRPC probes are not supported",
        "periodSeconds: 0      | periodSeconds: -1       |"
            + " spec.containers[0].readinessProbe.periodSeconds: -1 is negative",
        "nodeSelector:         | restartPolicy: never ; nodeSelector: | spec.restartPolicy: 'never'"
            + " is not supported; write Always, OnFailure or Never",
        "nodeSelector:         | dnsPolicy: None ; nodeSelector: | spec.dnsConfig.nameservers: is"
            + " required",
        "nodeSelector:         | terminationGracePeriodSeconds: -5 ; nodeSelector: |"
            + " spec.terminationGracePeriodSeconds: -5 is negative",
        "nodeSelector:         | hostNetwork: 'yes' ; nodeSelector: | spec.hostNetwork: 'yes' is of"
            + " the wrong type; write true or false",
      })
  void shouldNameWhatIsWrongInAPod(String right, String wrong, String problem) {
    assertProblem(POD, right, wrong, problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "name: a,              | name: 1a,               | metadata.name: '1a' is no valid name;"
            + " write at most 63 characters",
        "type: NodePort        | type: Fancy             | spec.type: 'Fancy' is not supported;"
            + " write ClusterIP, NodePort, LoadBalancer or ExternalName",
        "type: NodePort        | type: ClusterIP         | spec.ports[0].nodePort: 30053 is not"
            + " allowed in a Service of type ClusterIP",
        "type: NodePort        | type: ExternalName      | spec.externalName: is required",
        "type: NodePort        | type: ExternalName ; externalName: a..b | spec.externalName:"
            + " 'a..b' is no DNS name",
        "10.96.0.50            | 10.97.0.1               | spec.clusterIP: '10.97.0.1' lies outside"
            + " the Service networks; choose one within [10.96.0.0/16]",
        "10.96.0.50            | 10.96.0.0               | spec.clusterIP: '10.96.0.0' is the base"
            + " or broadcast address of 10.96.0.0/16",
        "10.96.0.50            | 10.96.255.255           | spec.clusterIP: '10.96.255.255' is the"
            + " base or broadcast address",
        "10.96.0.50            | 10.96.0.300             | spec.clusterIP: '10.96.0.300' is no IP"
            + " address",
        "10.96.0.50            | None                    | spec.clusterIP: 'None' is not allowed in"
            + " a Service of type NodePort",
        "10.96.0.50            | 10.96.0.50 ; clusterIPs: [10.96.0.51] | spec.clusterIP:"
            + " '10.96.0.50' differs from clusterIPs[0]",
        "nodePort: 30053       | nodePort: 80            | spec.ports[0].nodePort: 80 is outside"
            + " the range of node ports; write a number from 30000 to 32767",
        "port: 53,             | port: 65536,            | spec.ports[0].port: 65536 is no port",
        "port: 53,             | port: 53.5,             | spec.ports[0].port: 53.5 is of the wrong"
            + " type; write an integer of 32 bits",
        "protocol: UDP,        | protocol: udp,          | spec.ports[0].protocol: 'udp' is not"
            + " supported; write TCP or UDP",
        "protocol: UDP,        | appProtocol: x,         | spec.ports[1]: port 53/TCP is there"
            + " twice, in spec.ports[0] too",
        "name: dns-tcp,        | name: dns,              | spec.ports[1].name: 'dns' is there"
            + " twice, in spec.ports[0].name too",
        "name: dns-tcp,        | appProtocol: x,         | spec.ports[1].name: is required; with"
            + " several ports each has a name",
        "targetPort: dns-tcp   | targetPort: 0           | spec.ports[1].targetPort: 0 is no port",
        "targetPort: dns-tcp   | targetPort: DNS         | spec.ports[1].targetPort: 'DNS' is no"
            + " valid name",
        "targetPort: dns-tcp   | targetPort: [1]         | spec.ports[1].targetPort: [1] is of the"
            + " wrong type; write an integer or a name",
        "app: web              | app: -                  | spec.selector[app]: '-' is no label"
            + " value",
        "ports:                | sessionAffinity: Client ; ports: | spec.sessionAffinity: 'Client'"
            + " is not supported; write None or ClientIP",
        "protocol: UDP,        | protocol: SCTP,         | spec.ports[0].protocol: 'SCTP' is not"
            + " carried by this network; write TCP or UDP",
        "ports:                | sessionAffinity: ClientIP ; sessionAffinityConfig: {clientIP:"
            + " {timeoutSeconds: 86401}} ; ports: |"
            + " spec.sessionAffinityConfig.clientIP.timeoutSeconds: 86401 is out of range; write 1"
            + " to 86400 seconds",
        "ports:                | internalTrafficPolicy: local ; ports: |"
            + " spec.internalTrafficPolicy: 'local' is not supported; write Cluster or Local",
        "ports:                | externalIPs: [169.254.1.1] ; ports: | spec.externalIPs[0]:"
            + " '169.254.1.1' cannot be reached from elsewhere",
        "ports:                | externalIPs: [here] ; ports: | spec.externalIPs[0]: 'here' is no"
            + " IP address",
        "ports:                | trafficDistribution: Near ; ports: | spec.trafficDistribution:"
            + " 'Near' is not supported; write PreferClose, PreferSameZone or PreferSameNode",
        "ports:                | loadBalancerClass: x/y ; ports: | spec.loadBalancerClass: concerns"
            + " type LoadBalancer alone; remove the field or change spec.type",
        "ports:                | allocateLoadBalancerNodePorts: false ; ports: |"
            + " spec.allocateLoadBalancerNodePorts: concerns type LoadBalancer alone",
        "type: NodePort        | type: LoadBalancer ; loadBalancerSourceRanges: [10.0.0.0] |"
            + " spec.loadBalancerSourceRanges[0]: '10.0.0.0' is no CIDR",
        "type: NodePort        | type: LoadBalancer ; loadBalancerIP: x | spec.loadBalancerIP: 'x'"
            + " is no IP address",
        "type: NodePort        | type: LoadBalancer ; loadBalancerClass: a b |"
            + " spec.loadBalancerClass: 'a b' is no valid name",
        "type: NodePort        | type: LoadBalancer ; healthCheckNodePort: 31000 |"
            + " spec.healthCheckNodePort: concerns type LoadBalancer with externalTrafficPolicy"
            + " Local alone",
        "type: NodePort        | type: LoadBalancer ; externalTrafficPolicy: Local ;"
            + " healthCheckNodePort: 30053 | spec.healthCheckNodePort: 30053 is the node port of"
            + " spec.ports[0] too",
        "ports:                | ipFamilyPolicy: RequireDualStack ; ports: | spec.ipFamilyPolicy:"
            + " 'RequireDualStack' needs Service networks of both families, this cluster has"
            + " [10.96.0.0/16]; write PreferDualStack",
        "ports:                | ipFamilies: [IPv6] ; ports: | spec.ipFamilies[0]: 'IPv6' has no"
            + " Service network here",
        "ports:                | ipFamilies: [IPv4, IPv4] ; ports: | spec.ipFamilies[1]: 'IPv4' is"
            + " there twice",
        "ports:                | ipFamilies: [IPv4, IPv6] ; ipFamilyPolicy: SingleStack ; ports: |"
            + " spec.ipFamilyPolicy: 'SingleStack' contradicts two families",
      })
  void shouldNameWhatIsWrongInAService(String right, String wrong, String problem) {
    assertProblem(SERVICE, right, wrong, problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "addressType: IPv4     | ''                      | addressType: is required; write IPv4,"
            + " IPv6 or FQDN",
        "addressType: IPv4     | addressType: IPv6       | endpoints[0].addresses[0]: '10.244.1.5'"
            + " is no IPv6 address",
        "10.244.1.5            | web                     | endpoints[0].addresses[0]: 'web' is no"
            + " IPv4 address",
        "10.244.1.5            | 127.0.0.1               | endpoints[0].addresses[0]: '127.0.0.1'"
            + " cannot be reached by other nodes",
        "[10.244.1.5]          | []                      | endpoints[0].addresses: is required",
        "port: 8080            | port: 0                 | ports[0].port: 0 is no port",
        "port: 8080            | port: 1}, {name: http   | ports[1].name: port name 'http' is there"
            + " twice, in ports[0].name too",
        "hostname: h           | hostname: h.x           | endpoints[0].hostname: 'h.x' is no valid"
            + " name",
        "hostname: h           | conditions: {ready: 1}  | endpoints[0].conditions.ready: 1 is of"
            + " the wrong type; write true or false",
      })
  void shouldNameWhatIsWrongInASlice(String right, String wrong, String problem) {
    assertProblem(SLICE, right, wrong, problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10.244.1.0/24         | 10.244.1.0/25           | spec.podCIDR: '10.244.1.0/25' has"
            + " another size than every node's; write a /24",
        "10.244.1.0/24         | 10.1.1.0/24             | spec.podCIDR: '10.1.1.0/24' lies outside"
            + " the cluster's Pod networks; choose one within [10.244.0.0/16]",
        "10.244.1.0/24         | 10.244.1.1/24           | spec.podCIDR: '10.244.1.1/24' is no"
            + " CIDR",
        "172.30.0.11           | here                    | status.addresses[0].address: 'here' is"
            + " no IP address",
        "0a:58:0a:f4:00:01     | 0a:58                   |"
            + " metadata.annotations[podwire.io/vtep-mac]: '0a:58' is no MAC address",
        "name: node-1          | name: node-1 ; namespace: n  | metadata.namespace: 'n' is not"
            + " allowed: a Node belongs to no namespace",
      })
  void shouldNameWhatIsWrongInANode(String right, String wrong, String problem) {
    assertProblem(NODE, right, wrong, problem);
  }

  @Test
  void shouldListTheKnownKinds() {
    assertThat(
            Checked.of("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n").problems())
        .containsExactly(
            "kind: 'Deployment' in apiVersion 'apps/v1' is not known; the known kinds are Namespace"
                + " (v1), Node (v1), Pod (v1), Service (v1), EndpointSlice (discovery.k8s.io/v1),"
                + " Endpoints (v1),"
                + " NetworkFault (podwire.io/v1alpha1), NetworkChaos (chaos-mesh.org/v1alpha1),"
                + " DNSChaos (chaos-mesh.org/v1alpha1), PodChaos (chaos-mesh.org/v1alpha1)");
    assertThat(Checked.of("apiVersion: v1\nkind: EndpointSlice\n").problems())
        .singleElement()
        .asString()
        .endsWith("write apiVersion: discovery.k8s.io/v1");
    assertThat(Checked.of("metadata: {name: a}\n").problems()).hasSize(2);
  }

  @Test
  void shouldFillInKubernetesDefaults() {
    Checked pod = Checked.of(POD);
    assertThat(pod.manifest().at("/spec/containers/0/readinessProbe").toString())
        .isEqualTo(
            """
            {"httpGet":{"port":"http","scheme":"HTTP","path":"/"},"periodSeconds":10,\
            "timeoutSeconds":1,"successThreshold":1,"failureThreshold":3}\
            """);
    Checked service = Checked.of(SERVICE);
    assertThat(service.manifest().at("/spec/ports/0/targetPort").intValue()).isEqualTo(53);
    assertThat(service.manifest().at("/spec/ports/1/protocol").asText()).isEqualTo("TCP");
    assertThat(service.manifest().at("/spec/clusterIPs").toString()).isEqualTo("[\"10.96.0.50\"]");
    assertThat(service.manifest().at("/spec/externalTrafficPolicy").asText()).isEqualTo("Cluster");
  }

  @Test
  void shouldClaimWhatMustBeUnique() {
    assertThat(KindTable.SERVICE.rules().claims(Checked.of(SERVICE).manifest()))
        .containsExactlyInAnyOrder(
            new Claim(Claim.CLUSTER_IPS, "10.96.0.50"), new Claim(Claim.NODE_PORTS, "30053"));
    assertThat(KindTable.NODE.rules().claims(Checked.of(NODE).manifest()))
        .containsExactly(new Claim(Claim.POD_CIDRS, "10.244.1.0/24"));
  }

  @Test
  void shouldWarnOfWhatHasNoEffect() {
    assertThat(Checked.of(POD.replace("readinessProbe", "livenessProbe")).warnings())
        .containsExactly("spec.containers[0].livenessProbe: is kept, but has no effect here");
    assertThat(Checked.of(SLICE.replace("kubernetes.io/service-name: a", "x: y")).warnings())
        .singleElement()
        .asString()
        .contains("belongs to no Service");
  }

  /** A semicolon in what is wrong begins another line. */
  private static void assertProblem(String manifest, String right, String wrong, String problem) {
    int place = manifest.indexOf(right);
    assertThat(place).as(right).isNotNegative();
    String broken =
        manifest.substring(0, place)
            + wrong.replace(" ; ", "\n  ")
            + manifest.substring(place + right.length());
    assertThat(Checked.of(broken).problems())
        .anySatisfy(found -> assertThat(found).startsWith(problem));
  }
}
