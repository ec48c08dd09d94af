package io.podwire.testkit.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.podwire.packet.addr.IpAddress;
import io.podwire.testkit.assertion.Addressed;
import io.podwire.testkit.cluster.Cluster;
import io.podwire.testkit.cluster.ExecResult;
import io.podwire.testkit.cluster.Node;
import io.podwire.testkit.topology.IpFamily;
import io.podwire.testkit.topology.Topology;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A dual-stack cluster of two nodes, seen by the machine's own programs in its Pods, on its nodes,
 * and on a machine beside them.
 */
class Ipv6IT {

  /** As the DNS server and the datapath are asked; the client's DNS Service has both families. */
  private static final String DNS = "fd00:10:96::a";

  private static final int STREAM_OCTETS = 10 << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String OUTSIDE = "fd00:172:30::c8";

  /** Nodes, as they are written in a URL. */
  private static final String NODE_1 = "[fd00:172:30::b]";

  private static final String NODE_2 = "[fd00:172:30::c]";

  /** curl's exit codes. */
  private static final String REFUSED = "exit 7";

  private static final String TIMED_OUT = "exit 28";

  /** Sends a datagram that takes several packets until it comes back. */
  private static final String LARGE_DATAGRAM =
      """
      import socket, sys
      host, port, words = sys.argv[1], int(sys.argv[2]), sys.argv[3].encode()
      s = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
      s.settimeout(1)
      message = b"x" * 4000
      for attempt in range(10):
        try:
          s.sendto(words + message, (host, port))
          print("whole" if s.recv(65507) == message else "changed")
          break
        except TimeoutError:
          pass
      """;

  /** Tells in its log who has asked. */
  private static final String WEB_SERVER =
      """
      import http.server, socket
      class Web(http.server.ThreadingHTTPServer):
        address_family = socket.AF_INET6
      Web(("::", 8000), http.server.SimpleHTTPRequestHandler).serve_forever()
      """;

  /** Programs of a node that are no Pod's: TCP among the node ports, and UDP. */
  private static final String NODES_OWN =
      """
      import http.server, socket, threading
      class Web(http.server.ThreadingHTTPServer):
        address_family = socket.AF_INET6
      web = Web(("::", 30500), http.server.SimpleHTTPRequestHandler)
      threading.Thread(target=web.serve_forever, daemon=True).start()
      s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
      s.bind(("::", 5300))
      while True:
        message, sender = s.recvfrom(65507)
        s.sendto(message, sender)
      """;

  @TempDir static Path scratch;

  private static @Nullable Cluster started;
  private static @Nullable Machine attached;

  @BeforeAll
  static void start() throws Exception {
    Tools.assumeRoot();
    Tools.assumeInstalled("curl", "dig", "ping", "python3");
    Path files = Files.createDirectories(scratch.resolve("files"));
    Files.write(files.resolve("stream"), new byte[STREAM_OCTETS]);
    String manifest;
    try (var text = Objects.requireNonNull(Ipv6IT.class.getResourceAsStream("ipv6.yaml"))) {
      manifest = new String(text.readAllBytes(), StandardCharsets.UTF_8);
    }
    started =
        Cluster.start(
            Topology.nodes(2)
                .ipFamily(IpFamily.DUAL)
                .manifest(manifest.replace("${FILES}", files.toString())));
    attached =
        Machine.outside(cluster(), scratch, "172.30.0.200/24", OUTSIDE + "/64")
            .reaching("100.64.0.0/24")
            .reaching("fd00:100:64::/112")
            .reaching("2001:db8::7/128", "fd00:172:30::c")
            .reaching("192.0.2.7/32", "172.30.0.12");
  }

  @AfterAll
  static void stop() throws Exception {
    if (attached != null) {
      attached.close();
    }
    if (started != null) {
      started.close();
    }
  }

  private static Cluster cluster() {
    return Objects.requireNonNull(started);
  }

  private static Machine outside() {
    return Objects.requireNonNull(attached);
  }

  private static ExecResult execInClient(String... command) {
    return cluster().pod("client").exec(command);
  }

  private static String inClient(String... command) {
    return execInClient(command).text();
  }

  private static String ipv6(Addressed thing) {
    return thing.addresses().stream()
        .filter(address -> !address.isIpv4())
        .map(IpAddress::toString)
        .findFirst()
        .orElseThrow();
  }

  private static String pod(String name) {
    return ipv6(cluster().pod(name));
  }

  private static String service(String name) {
    return ipv6(cluster().service(name));
  }

  @ParameterizedTest
  @CsvSource({"near,64", "far,62"})
  void shouldPingWithTheHopsOfABridgeOrOfTwoRouters(String name, int hops) {
    assertThat(inClient("ping", "-6", "-c", "1", "-W", "5", pod(name)))
        .contains("ttl=" + hops)
        .contains(" 0% packet loss");
  }

  @ParameterizedTest
  @CsvSource({"near", "far"})
  void shouldSeeTheClientsOwnAddress(String name) {
    String url = "http://[" + pod(name) + "]:8080/clientip";
    assertThat(inClient("curl", "-sS", "-m", "10", url)).startsWith("[" + pod("client") + "]:");
  }

  @ParameterizedTest
  @CsvSource({"-4,both,far", "-6,both,far", "-4,bridged,near", "-6,bridged,near", "-4,self,client"})
  void shouldReachAServiceByNameInEachFamily(String family, String service, String backend) {
    assertThat(inClient("curl", family, "-sS", "-m", "10", "http://" + service + "/hostname"))
        .isEqualTo(backend);
  }

  @Test
  void shouldHidePodsBehindTheGatewayThatReachThemselves() {
    assertThat(inClient("curl", "-6", "-sS", "-m", "10", "http://self/clientip"))
        .doesNotStartWith("[" + pod("client") + "]")
        .matches("\\[fd00:10:244(:[01])?::1]:\\d+");
  }

  @Test
  void shouldReachAServiceOverUdp() {
    String url = "http://127.0.0.1:8080/dial?host=%s&port=82&protocol=udp&request=hostname&tries=1";
    assertThat(inClient("curl", "-sS", "-m", "10", url.formatted(service("both"))))
        .contains("\"far\"");
  }

  @Test
  void shouldCarryAStream() {
    String[] command = {
      "curl", "-6", "-sS", "-m", "20", "-o", "/dev/null", "-w", "%{size_download}"
    };
    List<String> all = new ArrayList<>(List.of(command));
    all.add("http://both:81/stream");
    assertThat(inClient(all.toArray(String[]::new))).isEqualTo(Integer.toString(STREAM_OCTETS));
  }

  @Test
  void shouldRefuseAServiceWithoutEndpointsAtOnce() {
    ExecResult refused = execInClient("curl", "-6", "-sS", "-m", "10", "http://empty/");
    assertThat(refused.exitCode()).isEqualTo(7);
  }

  @Test
  void shouldSayWhichPacketsAreTooBig() {
    String[] fits = {"ping", "-6", "-M", "do", "-c", "1", "-W", "5", "-s", "1402", pod("far")};
    assertThat(inClient(fits)).contains(" 0% packet loss");
    String[] larger = {"ping", "-6", "-M", "do", "-c", "1", "-W", "5", "-s", "1403", pod("far")};
    assertThat(execInClient(larger).toString()).contains("mtu: 1450");
    String[] fragmented = {"ping", "-6", "-c", "1", "-W", "5", "-s", "4000", pod("far")};
    assertThat(inClient(fragmented)).contains(" 0% packet loss");
  }

  @Test
  void shouldSayThatNobodyHasAnAddress() {
    ExecResult result = execInClient("ping", "-6", "-c", "1", "-W", "8", "fd00:10:244:63::2");
    assertThat(result.exitCode()).isNotZero();
    assertThat(result.out()).contains("unreachable: No route");
  }

  @Test
  void shouldReachTheNodeNetworkWithTheNodesAddress() {
    assertThat(inClient("ping", "-6", "-c", "1", "-W", "5", "fd00:172:30::1"))
        .contains(" 0% packet loss");
    ExecResult tcp = execInClient("curl", "-sS", "-m", "10", "http://[fd00:172:30::1]:9/");
    assertThat(tcp.exitCode()).as("refused by whom it reached: %s", tcp.err()).isEqualTo(7);
  }

  @Test
  void shouldAnswerQuestionsOverAnIpv6ClusterIp() {
    String zone = ".default.svc.cluster.local";
    assertThat(dig("both" + zone, "AAAA", "+short")).isEqualTo(service("both"));
    assertThat(dig("-x", service("both"), "+short")).isEqualTo("both" + zone + ".");
    assertThat(dig("old" + zone, "AAAA")).contains("status: NOERROR").contains("ANSWER: 0");
    assertThat(dig("none" + zone, "AAAA")).contains("status: NXDOMAIN");
    assertThat(dig("both" + zone, "AAAA", "+short", "+tcp")).isEqualTo(service("both"));
  }

  private static String dig(String... question) {
    List<String> command = new ArrayList<>(List.of("dig", "@" + DNS));
    command.addAll(List.of(question));
    return inClient(command.toArray(String[]::new));
  }

  @Test
  void shouldAnswerForAHeadlessServiceInItsFamilyAlone() {
    String name = "bare.default.svc.cluster.local";
    assertThat(dig(name, "AAAA", "+short")).isEqualTo(pod("far"));
    assertThat(dig(name, "A")).contains("status: NOERROR").contains("ANSWER: 0");
  }

  @Test
  void shouldPingTheGatewayByItsLinkLocalAddress() {
    String route = inClient("ip", "-6", "neigh", "show", "dev", "eth0");
    String mac = route.replaceAll("(?s).*lladdr (\\S+).*", "$1");
    String[] octet = mac.split(":");
    int first = Integer.parseInt(octet[0], 16) ^ 0x02;
    String linkLocal =
        "fe80::%x%s:%sff:fe%s:%s%s"
            .formatted(first, octet[1], octet[2], octet[3], octet[4], octet[5]);
    assertThat(inClient("ping", "-6", "-c", "1", "-W", "5", linkLocal + "%eth0"))
        .contains(" 0% packet loss");
  }

  // ---- from outside

  /** The gateway's addresses, by which a node's Pods see who came by it. */
  private static Set<String> gateways(int node) {
    List<String> gateways = new ArrayList<>();
    for (JsonNode cidr : cluster().node("node-" + node).object().at("/spec/podCIDRs")) {
      String text = cidr.asText();
      gateways.add(text.contains(":") ? "[" + text.replace("::/64", "::1]") : text);
    }
    return Set.copyOf(gateways);
  }

  @Test
  void shouldServeANodePortAtEveryNodesIpv6Address() throws Exception {
    for (int node = 1; node <= 2; node++) {
      String at = "http://" + (node == 1 ? NODE_1 : NODE_2) + ":30080";
      assertThat(outside().ask(24, at + "/hostname")).containsExactlyInAnyOrder("near", "far");
      assertThat(gateways(node)).containsAll(outside().ask(2, at + "/clientip"));
    }
    assertThat(outside().ask(1, "http://" + NODE_1 + ":30099/")).containsExactly(REFUSED);
    assertThat(outside().ask(12, "http://172.30.0.11:30080/hostname")).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nftables", "ipvs/rr", "userspace", "maglev"})
  void shouldServeANodePortInEveryWayOfBalancing(String mode) throws Exception {
    String annotated =
        """
        apiVersion: v1
        kind: Node
        metadata: {name: node-1, annotations: {%s}}
        """;
    cluster().apply(annotated.formatted("podwire.io/proxy-mode: " + mode));
    try {
      Path log = Machine.folder(cluster()).resolve("logs").resolve("node-1.log");
      await().atMost(PATIENCE).until(() -> Files.readString(log).contains("balanced by " + mode));
      assertThat(outside().ask(8, "http://" + NODE_1 + ":30080/hostname"))
          .isSubsetOf("near", "far")
          .isNotEmpty();
      assertThat(outside().ask(1, "http://" + NODE_1 + ":30099/")).containsExactly(REFUSED);
    } finally {
      cluster().apply(annotated.formatted(""));
    }
  }

  @Test
  void shouldServeANodePortToTheNodeItselfAndToPods() throws Exception {
    try (Machine own = Machine.node(cluster(), 1, scratch)) {
      assertThat(own.ask(24, "http://" + NODE_1 + ":30080/hostname"))
          .containsExactlyInAnyOrder("near", "far");
      assertThat(gateways(2)).containsAll(own.ask(1, "http://" + NODE_2 + ":30080/clientip"));
    }
    assertThat(inClient("curl", "-sSg", "-m", "5", "http://" + NODE_2 + ":30080/hostname"))
        .isIn("near", "far");
  }

  @Test
  void shouldServeAnExternalIpv6AddressAtTheNodeThatItIsRoutedTo() throws Exception {
    assertThat(outside().ask(24, "http://[2001:db8::7]/hostname"))
        .containsExactlyInAnyOrder("near", "far");
    assertThat(gateways(2)).containsAll(outside().ask(1, "http://[2001:db8::7]/clientip"));
  }

  private static List<String> balancers(String service) {
    List<String> addresses = new ArrayList<>();
    for (JsonNode each : cluster().service(service).object().at("/status/loadBalancer/ingress")) {
      addresses.add(each.path("ip").asText());
    }
    return addresses;
  }

  @Test
  void shouldAnnounceALoadBalancersAddressOfEachFamily() throws Exception {
    List<String> addresses = balancers("balanced");
    assertThat(addresses).hasSize(2);
    assertThat(addresses.get(1)).startsWith("fd00:100:64::");
    for (String address : List.of(addresses.get(0), "[" + addresses.get(1) + "]")) {
      assertThat(outside().ask(24, "http://" + address + "/hostname"))
          .containsExactlyInAnyOrder("near", "far");
    }
    try (Machine own = Machine.node(cluster(), 2, scratch)) {
      assertThat(gateways(2)).containsAll(own.ask(1, "http://[" + addresses.get(1) + "]/clientip"));
    }
  }

  /** Its endpoint goes to the other node, and its load balancer's address with it. */
  @Test
  void shouldKeepTheClientsAddressWithTheExternalPolicyLocal() throws Exception {
    String balancer = "http://[" + balancers("kept").get(1) + "]";
    for (String at : List.of("http://" + NODE_2 + ":30082", balancer)) {
      assertThat(outside().ask(2, at + "/clientip")).containsExactly("[" + OUTSIDE + "]");
      assertThat(outside().ask(4, at + "/hostname")).containsExactly("far");
    }
    assertThat(outside().ask(1, "http://" + NODE_1 + ":30082/")).containsExactly(TIMED_OUT);
    assertThat(outside().ask(1, "http://" + NODE_1 + ":31555/").toString()).contains("\"kept\"");
    for (String node : List.of(NODE_2, "172.30.0.12")) {
      assertThat(outside().run(status("http://" + node + ":31555/"))).isEqualTo("200");
    }

    cluster()
        .apply(
            """
            apiVersion: v1
            kind: Service
            metadata: {name: kept}
            spec:
              type: LoadBalancer
              ipFamilyPolicy: RequireDualStack
              externalTrafficPolicy: Local
              healthCheckNodePort: 31555
              selector: {app: near}
              ports: [{port: 80, targetPort: 8080, nodePort: 30082}]
            """);
    await()
        .atMost(PATIENCE)
        .until(() -> outside().ask(1, balancer + "/hostname").equals(Set.of("near")));
    assertThat(outside().ask(1, balancer + "/clientip")).containsExactly("[" + OUTSIDE + "]");
    assertThat(outside().run(status("http://" + NODE_2 + ":31555/"))).isEqualTo("503");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"172.30.0.11 30081", "fd00:172:30::b 30081", "192.0.2.7 81", "2001:db8::7 81"})
  void shouldTakeDatagramsInFragments(String place) throws Exception {
    String[] at = place.split(" ");
    assertThat(outside().run("python3", "-c", LARGE_DATAGRAM, at[0], at[1], "echo "))
        .isEqualTo("whole");
  }

  @Test
  void shouldLeaveTheNodesOwnProgramsAlone() throws Exception {
    Path log = Files.createTempFile(scratch, "own", ".log");
    try (Machine own = Machine.node(cluster(), 1, scratch)) {
      own.start(log, "python3", "-c", NODES_OWN);
      await()
          .atMost(PATIENCE)
          .until(() -> !outside().ask(1, "http://" + NODE_1 + ":30500/").contains(REFUSED));
      for (String address : List.of("172.30.0.11", "fd00:172:30::b")) {
        assertThat(outside().run("python3", "-c", LARGE_DATAGRAM, address, "5300", ""))
            .isEqualTo("whole");
      }
      // Its port lies between two node ports: nothing of it needs the agent.
      try (Node.Pause pause = cluster().node("node-1").pause()) {
        for (String address : List.of("172.30.0.11", NODE_1)) {
          assertThat(outside().run(status("http://" + address + ":30500/"))).isEqualTo("200");
          assertThat(own.run(status("http://" + address + ":30500/"))).isEqualTo("200");
        }
      }
    }
  }

  /** The script that {@code up} names, run by a machine that has nothing to do with the cluster. */
  @Test
  void shouldGiveAMachineAWayInAndPodsAWayOut() throws Exception {
    Path log = Files.createTempFile(scratch, "machine", ".log");
    String[] own = {"198.51.100.1", "2001:db8:1::1"};
    try (Machine machine = Machine.apart(scratch, own)) {
      Path script = Machine.folder(cluster()).resolve("host-route.sh");
      assertThat(machine.run("sh", script.toString())).isEmpty();

      Addressed far = cluster().pod("far");
      for (IpAddress address : far.addresses()) {
        String pod = address.isIpv4() ? address.toString() : "[" + address + "]";
        assertThat(machine.ask(1, "http://" + pod + ":8080/hostname")).containsExactly("far");
      }
      for (String at : List.of(service("both"), balancers("balanced").get(1))) {
        assertThat(machine.ask(1, "http://[" + at + "]/hostname").toString())
            .containsAnyOf("near", "far");
      }
      assertThat(machine.ask(1, "http://" + NODE_2 + ":30080/hostname").toString())
          .containsAnyOf("near", "far");

      machine.start(log, "python3", "-u", "-c", WEB_SERVER);
      for (String address : List.of(own[0], "[" + own[1] + "]")) {
        String url = "http://" + address + ":8000/clientip";
        await()
            .atMost(PATIENCE)
            .until(() -> execInClient("curl", "-sg", "-m", "2", url).succeeded());
      }
      assertThat(Files.readString(log)).contains("172.30.0.11").contains("fd00:172:30::b");
    }
    // What the nodes know of their gateway is still true.
    assertThat(inClient("ping", "-6", "-c", "1", "-W", "5", "fd00:172:30::1"))
        .contains(" 0% packet loss");
  }

  private static String[] status(String url) {
    return new String[] {"curl", "-sSg", "-m", "5", "-o", "/dev/null", "-w", "%{http_code}", url};
  }
}
