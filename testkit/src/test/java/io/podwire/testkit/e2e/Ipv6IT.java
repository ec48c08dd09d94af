package io.podwire.testkit.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A dual-stack cluster of two nodes, seen by the machine's own programs in its Pods. */
class Ipv6IT {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** As the DNS server and the datapath are asked; the client's DNS Service has both families. */
  private static final String DNS = "fd00:10:96::a";

  private static final int STREAM_OCTETS = 10 << 20;

  private static final String MANIFEST =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: client, labels: {app: client}}
      spec:
        nodeName: node-1
        containers:
        - name: main
          image: podwire/agnhost
          args: [netexec, --http-port=8080]
          readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: near, labels: {app: near}}
      spec:
        nodeName: node-1
        containers:
        - name: main
          image: podwire/agnhost
          args: [netexec, --http-port=8080, --udp-port=8081]
          readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: far, labels: {app: far}}
      spec:
        nodeName: node-2
        containers:
        - name: main
          image: podwire/agnhost
          args: [netexec, --http-port=8080, --udp-port=8081]
          readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}
        - name: files
          image: debian
          workingDir: /tmp
          command: [python3, -m, http.server, "8000", --bind, "::", --directory, "${FILES}"]
          readinessProbe: {tcpSocket: {port: 8000}, periodSeconds: 1}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: both}
      spec:
        ipFamilyPolicy: RequireDualStack
        selector: {app: far}
        ports:
        - {name: http, port: 80, targetPort: 8080}
        - {name: files, port: 81, targetPort: 8000}
        - {name: udp, port: 82, protocol: UDP, targetPort: 8081}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: bridged}
      spec:
        ipFamilyPolicy: RequireDualStack
        selector: {app: near}
        ports: [{port: 80, targetPort: 8080}]
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: self}
      spec:
        ipFamilyPolicy: RequireDualStack
        selector: {app: client}
        ports: [{port: 80, targetPort: 8080}]
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: empty}
      spec:
        ipFamilyPolicy: RequireDualStack
        ports: [{port: 80}]
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: old}
      spec:
        ipFamilies: [IPv4]
        selector: {app: far}
        ports: [{port: 80, targetPort: 8080}]
      """;

  @TempDir static Path scratch;

  /** Asked for once: each question is a program of its own. */
  private static final Map<String, String> ADDRESSES = new HashMap<>();

  private static Optional<PodwireCommand> cluster = Optional.empty();

  @BeforeAll
  static void start() throws Exception {
    Tools.assumeRoot();
    Tools.assumeInstalled("curl", "dig", "ping", "python3");
    Path files = Files.createDirectories(scratch.resolve("files"));
    Files.write(files.resolve("stream"), new byte[STREAM_OCTETS]);
    PodwireCommand podwire = new PodwireCommand(scratch);
    cluster = Optional.of(podwire);
    Path manifest = scratch.resolve("cluster.yaml");
    Files.writeString(manifest, MANIFEST.replace("${FILES}", files.toString()));
    podwire.run("up", "--nodes", "2", "--ip-family", "dual", "-f", manifest.toString()).succeeded();
  }

  @AfterAll
  static void stop() throws Exception {
    if (cluster.isPresent()) {
      podwire().run("down").succeeded();
    }
  }

  private static PodwireCommand podwire() {
    return cluster.orElseThrow();
  }

  private static String inClient(String... command) throws Exception {
    return podwire().exec("client", command).succeeded().out().strip();
  }

  /** A Pod's or Service's IPv6 address. */
  private static String address(String kind, String name, String list) throws Exception {
    String known = ADDRESSES.get(kind + "/" + name);
    if (known != null) {
      return known;
    }
    JsonNode object =
        JSON.readTree(podwire().run("get", kind, name, "-o", "json").succeeded().out());
    List<String> found = new ArrayList<>();
    for (JsonNode each : object.at(list)) {
      String text = each.isTextual() ? each.asText() : each.path("ip").asText();
      if (text.contains(":")) {
        found.add(text);
      }
    }
    assertThat(found).as("%s of %s %s", list, kind, name).hasSize(1);
    ADDRESSES.put(kind + "/" + name, found.getFirst());
    return found.getFirst();
  }

  private static String pod(String name) throws Exception {
    return address("pod", name, "/status/podIPs");
  }

  private static String service(String name) throws Exception {
    return address("service", name, "/spec/clusterIPs");
  }

  @ParameterizedTest
  @CsvSource({"near,64", "far,62"})
  void shouldPingWithTheHopsOfABridgeOrOfTwoRouters(String name, int hops) throws Exception {
    assertThat(inClient("ping", "-6", "-c", "1", "-W", "5", pod(name)))
        .contains("ttl=" + hops)
        .contains(" 0% packet loss");
  }

  @ParameterizedTest
  @CsvSource({"near", "far"})
  void shouldSeeTheClientsOwnAddress(String name) throws Exception {
    String url = "http://[" + pod(name) + "]:8080/clientip";
    assertThat(inClient("curl", "-sS", "-m", "10", url)).startsWith("[" + pod("client") + "]:");
  }

  @ParameterizedTest
  @CsvSource({"-4,both,far", "-6,both,far", "-4,bridged,near", "-6,bridged,near", "-4,self,client"})
  void shouldReachAServiceByNameInEachFamily(String family, String service, String backend)
      throws Exception {
    assertThat(inClient("curl", family, "-sS", "-m", "10", "http://" + service + "/hostname"))
        .isEqualTo(backend);
  }

  @Test
  void shouldHidePodsBehindTheGatewayThatReachThemselves() throws Exception {
    assertThat(inClient("curl", "-6", "-sS", "-m", "10", "http://self/clientip"))
        .doesNotStartWith("[" + pod("client") + "]")
        .matches("\\[fd00:10:244(:[01])?::1]:\\d+");
  }

  @Test
  void shouldReachAServiceOverUdp() throws Exception {
    String url = "http://127.0.0.1:8080/dial?host=%s&port=82&protocol=udp&request=hostname&tries=1";
    assertThat(inClient("curl", "-sS", "-m", "10", url.formatted(service("both"))))
        .contains("\"far\"");
  }

  @Test
  void shouldCarryAStream() throws Exception {
    String[] command = {
      "curl", "-6", "-sS", "-m", "20", "-o", "/dev/null", "-w", "%{size_download}"
    };
    List<String> all = new ArrayList<>(List.of(command));
    all.add("http://both:81/stream");
    assertThat(inClient(all.toArray(String[]::new))).isEqualTo(Integer.toString(STREAM_OCTETS));
  }

  @Test
  void shouldRefuseAServiceWithoutEndpointsAtOnce() throws Exception {
    PodwireCommand.Result refused =
        podwire().exec("client", "curl", "-6", "-sS", "-m", "10", "http://empty/");
    assertThat(refused.exitCode()).isEqualTo(7);
  }

  @Test
  void shouldSayWhichPacketsAreTooBig() throws Exception {
    String[] fits = {"ping", "-6", "-M", "do", "-c", "1", "-W", "5", "-s", "1402", pod("far")};
    assertThat(inClient(fits)).contains(" 0% packet loss");
    String[] larger = {"ping", "-6", "-M", "do", "-c", "1", "-W", "5", "-s", "1403", pod("far")};
    assertThat(podwire().exec("client", larger).all()).contains("mtu: 1450");
    String[] fragmented = {"ping", "-6", "-c", "1", "-W", "5", "-s", "4000", pod("far")};
    assertThat(inClient(fragmented)).contains(" 0% packet loss");
  }

  @Test
  void shouldSayThatNobodyHasAnAddress() throws Exception {
    PodwireCommand.Result result =
        podwire().exec("client", "ping", "-6", "-c", "1", "-W", "8", "fd00:10:244:63::2");
    assertThat(result.exitCode()).isNotZero();
    assertThat(result.out()).contains("unreachable: No route");
  }

  @Test
  void shouldReachTheNodeNetworkWithTheNodesAddress() throws Exception {
    assertThat(inClient("ping", "-6", "-c", "1", "-W", "5", "fd00:172:30::1"))
        .contains(" 0% packet loss");
    PodwireCommand.Result tcp =
        podwire().exec("client", "curl", "-sS", "-m", "10", "http://[fd00:172:30::1]:9/");
    assertThat(tcp.exitCode()).as("refused by whom it reached: %s", tcp.err()).isEqualTo(7);
  }

  @Test
  void shouldAnswerQuestionsOverAnIpv6ClusterIp() throws Exception {
    String zone = ".default.svc.cluster.local";
    assertThat(dig("both" + zone, "AAAA", "+short")).isEqualTo(service("both"));
    assertThat(dig("-x", service("both"), "+short")).isEqualTo("both" + zone + ".");
    assertThat(dig("old" + zone, "AAAA")).contains("status: NOERROR").contains("ANSWER: 0");
    assertThat(dig("none" + zone, "AAAA")).contains("status: NXDOMAIN");
    assertThat(dig("both" + zone, "AAAA", "+short", "+tcp")).isEqualTo(service("both"));
  }

  private static String dig(String... question) throws Exception {
    List<String> command = new ArrayList<>(List.of("dig", "@" + DNS));
    command.addAll(List.of(question));
    return inClient(command.toArray(String[]::new));
  }
}
