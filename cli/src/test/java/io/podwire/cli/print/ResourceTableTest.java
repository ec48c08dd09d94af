package io.podwire.cli.print;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.podwire.client.api.Resource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResourceTableTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final YAMLMapper YAML = new YAMLMapper();

  private static final String RUNNING =
      """
      metadata: {name: web-1, namespace: hello, creationTimestamp: "2026-03-01T11:55:00Z"}
      spec: {nodeName: node-1, containers: [{name: web}]}
      status:
        phase: Running
        podIP: 10.244.0.2
        containerStatuses: [{name: web, ready: true, restartCount: 2, state: {running: {}}}]
      """;
  private static final String CRASHING =
      """
      metadata: {name: broken, namespace: hello, creationTimestamp: "2026-03-01T11:59:48Z"}
      spec: {containers: [{name: a}, {name: b}]}
      status:
        phase: Running
        containerStatuses:
        - {name: a, ready: true, restartCount: 0, state: {running: {}}}
        - {name: b, ready: false, restartCount: 11, state: {waiting: {reason: CrashLoopBackOff}}}
      """;

  @Test
  void shouldPrintPodsAsKubectlDoes() throws JsonProcessingException {
    assertThat(table(Resource.POD, false, false, RUNNING, CRASHING))
        .isEqualTo(
            """
            NAME     READY   STATUS             RESTARTS   AGE
            web-1    1/1     Running            2          5m
            broken   1/2     CrashLoopBackOff   11         12s
            """);
  }

  @Test
  void shouldPrintFaultsWithTheirReceipts() throws JsonProcessingException {
    String fault =
        """
        kind: NetworkFault
        metadata: {name: lossy, namespace: hello, creationTimestamp: "2026-03-01T11:59:00Z"}
        status:
          phase: Running
          deadline: "2026-03-01T12:01:00.000Z"
          seed: 42
          matched: 1000
          affected: {delayed: 900, lost: 100, marked: 0}
          verdict: confirmed
          decisionHash: 00000000000000ff
          achieved: {delay: 100.10/100.05/101.00 ms, loss: "10 % [7 %, 13 %] of 1000"}
          links:
          - {node: n1, pod: hello/web-1, direction: egress}
          - {node: n1, pod: hello/web-1, direction: ingress}
        """;

    assertThat(table(Resource.NETWORK_FAULT, false, false, fault))
        .isEqualTo(
            """
            NAME    KIND           PHASE     TARGETS   MATCHED   AFFECTED               VERDICT     AGE
            lossy   NetworkFault   Running   1         1000      delayed=900,lost=100   confirmed   60s
            """);
    assertThat(table(Resource.NETWORK_FAULT, false, true, fault))
        .contains("DELAY(MEAN/P50/P99)", "RATE", "LOSS", "SEED", "DECISIONS", "DEADLINE")
        .contains("100.10/100.05/101.00 ms   <none>   10 % [7 %, 13 %] of 1000   42");
  }

  @Test
  void shouldPrintNamespaceFirstAndWideColumnsLast() throws JsonProcessingException {
    assertThat(table(Resource.POD, true, true, RUNNING, CRASHING))
        .isEqualTo(
            """
            NAMESPACE   NAME     READY   STATUS             RESTARTS   AGE   IP           NODE
            hello       web-1    1/1     Running            2          5m    10.244.0.2   node-1
            hello       broken   1/2     CrashLoopBackOff   11         12s   <none>       <none>
            """);
  }

  @Test
  void shouldTellHowPodsEnded() throws JsonProcessingException {
    assertThat(
            table(
                Resource.POD,
                false,
                false,
                """
                metadata: {name: done}
                spec: {containers: [{name: a}]}
                status: {phase: Succeeded, containerStatuses: [{state: {terminated: {exitCode: 0, reason: Completed}}}]}
                """,
                """
                metadata: {name: killed}
                spec: {containers: [{name: a}]}
                status: {phase: Failed, containerStatuses: [{state: {terminated: {exitCode: 9}}}]}
                """,
                """
                metadata: {name: going, deletionTimestamp: "2026-03-01T12:00:00Z"}
                spec: {containers: [{name: a}]}
                status: {phase: Running}
                """))
        .isEqualTo(
            """
            NAME     READY   STATUS        RESTARTS   AGE
            done     0/1     Completed     0          <unknown>
            killed   0/1     ExitCode:9    0          <unknown>
            going    0/1     Terminating   0          <unknown>
            """);
  }

  @Test
  void shouldPrintServices() throws JsonProcessingException {
    assertThat(
            table(
                Resource.SERVICE,
                false,
                true,
                """
                metadata: {name: web, creationTimestamp: "2026-03-01T09:00:00Z"}
                spec:
                  clusterIP: 10.96.0.20
                  ports: [{port: 80, protocol: TCP}, {port: 53, nodePort: 30053, protocol: UDP}]
                  selector: {app: web, tier: front}
                """,
                """
                metadata: {name: all, creationTimestamp: "2026-02-27T12:00:00Z"}
                spec: {type: ClusterIP, clusterIP: None}
                """,
                """
                metadata: {name: out, creationTimestamp: "2026-02-27T12:00:00Z"}
                spec: {type: ExternalName, externalName: example.com}
                """))
        .isEqualTo(
            """
            NAME   TYPE           CLUSTER-IP   EXTERNAL-IP   PORT(S)               AGE   SELECTOR
            web    ClusterIP      10.96.0.20   <none>        80/TCP,53:30053/UDP   3h    app=web,tier=front
            all    ClusterIP      None         <none>        <none>                2d    <none>
            out    ExternalName   <none>       example.com   <none>                2d    <none>
            """);
  }

  @Test
  void shouldPrintNodes() throws JsonProcessingException {
    assertThat(
            table(
                Resource.NODE,
                true,
                true,
                """
                metadata: {name: node-1, creationTimestamp: "2026-03-01T11:59:00Z"}
                spec: {podCIDR: 10.244.0.0/24}
                status:
                  addresses: [{type: InternalIP, address: 172.30.0.11}]
                  conditions: [{type: Ready, status: "True"}]
                  nodeInfo: {kubeletVersion: v1.32.0}
                """,
                """
                metadata: {name: node-2, labels: {node-role.kubernetes.io/edge: ""}}
                spec: {unschedulable: true}
                status: {conditions: [{type: Ready, status: "Unknown"}]}
                """))
        .isEqualTo(
            """
            NAME     STATUS                        ROLES    AGE         VERSION   INTERNAL-IP   EXTERNAL-IP   POD-CIDR        ATTACH-SOCKET
            node-1   Ready                         <none>   60s         v1.32.0   172.30.0.11   <none>        10.244.0.0/24   <none>
            node-2   NotReady,SchedulingDisabled   edge     <unknown>   <none>    <none>        <none>        <none>          <none>
            """);
  }

  @Test
  void shouldCutLongEndpointLists() throws JsonProcessingException {
    assertThat(
            table(
                Resource.ENDPOINT_SLICE,
                false,
                false,
                """
                metadata: {name: web-abc, creationTimestamp: "2026-03-01T11:59:00Z"}
                addressType: IPv4
                ports: [{port: 8080}]
                endpoints: [{addresses: [10.0.0.1]}, {addresses: [10.0.0.2]}, {addresses: [10.0.0.3]}, {addresses: [10.0.0.4]}, {addresses: [10.0.0.5]}]
                """,
                """
                metadata: {name: none, creationTimestamp: "2026-03-01T11:59:00Z"}
                addressType: IPv4
                """))
        .isEqualTo(
            """
            NAME      ADDRESSTYPE   PORTS     ENDPOINTS                                AGE
            web-abc   IPv4          8080      10.0.0.1,10.0.0.2,10.0.0.3 + 2 more...   60s
            none      IPv4          <unset>   <unset>                                  60s
            """);
  }

  private static String table(Resource kind, boolean namespace, boolean wide, String... objects)
      throws JsonProcessingException {
    List<JsonNode> nodes = new ArrayList<>();
    for (String object : objects) {
      nodes.add(YAML.readTree(object));
    }
    return new ResourceTable(kind, namespace, wide).text(nodes, NOW);
  }
}
