package io.podwire.testkit.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.podwire.packet.TcpFlags;
import io.podwire.packet.filter.FrameHeaders;
import io.podwire.packet.pcap.PcapngReader;
import io.podwire.packet.pcap.PcapngReader.Block;
import io.podwire.testkit.e2e.PodwireCommand.Result;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Captures of a running cluster, read by our own reader and by tcpdump. */
class CaptureIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int REQUESTS = 5;

  private static final String MANIFEST =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: client, labels: {app: client}}
      spec:
        nodeName: node-1
        containers: [{name: main, image: podwire/agnhost, args: [pause]}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, labels: {app: web}}
      spec:
        nodeName: node-2
        containers:
        - name: web
          image: podwire/agnhost
          args: [netexec]
          ports: [{name: http, containerPort: 8080}]
          readinessProbe: {httpGet: {path: /healthz, port: http}, periodSeconds: 1}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: brief}
      spec:
        nodeName: node-1
        terminationGracePeriodSeconds: 1
        containers: [{name: main, image: podwire/agnhost, args: [pause]}]
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}
      """;

  private static final String FAULT =
      """
      apiVersion: podwire.io/v1alpha1
      kind: NetworkFault
      metadata: {name: cut}
      spec:
        selector: {labelSelectors: {app: client}}
        protocol: tcp
        loss: {percent: 100%}
        duration: 60s
      """;

  @TempDir static Path scratch;

  private static @Nullable CommandCluster cluster;

  /** A capture under way. */
  private record Capture(Process process, Path out, Path err) {

    static Capture start(String... arguments) throws IOException {
      Path out = Files.createTempFile(scratch, "capture", ".out");
      Path err = Files.createTempFile(scratch, "capture", ".err");
      List<String> words = new ArrayList<>(List.of("capture"));
      words.addAll(List.of(arguments));
      Process process = podwire().start(out, err, words.toArray(String[]::new));
      Capture capture = new Capture(process, out, err);
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(capture.err()).content().contains("Ctrl-C ends it"));
      return capture;
    }

    Result interrupt() throws Exception {
      new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor();
      return end();
    }

    Result end() throws Exception {
      boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (!ended) {
        process.destroyForcibly().waitFor();
      }
      Result result = new Result(process.exitValue(), Files.readString(out), Files.readString(err));
      assertThat(ended).as("ended: %s", result.all()).isTrue();
      return result;
    }
  }

  @BeforeAll
  static void start() throws Exception {
    Tools.assumeRoot();
    Tools.assumeInstalled("curl", "tcpdump", "kill");
    cluster = CommandCluster.of(2, MANIFEST, scratch);
  }

  @AfterAll
  static void stop() throws Exception {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void shouldPrintTheRulesThatANodeHasForServices() throws Exception {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(podwire().run("rules", "node-1").succeeded().out())
                .contains("# mode iptables", "--comment \"default/web cluster IP\"", "-j DNAT"));
    assertThat(podwire().run("rules", "node-2", "--mode", "ipvs/wrr").succeeded().out())
        .contains("# mode ipvs/wrr", ":80 -s wrr\n");
    assertThat(podwire().run("rules", "node-1", "--mode", "ebpf").err())
        .contains("'ebpf' is no mode; there are iptables, ipvs, nftables, userspace, maglev");
    assertThat(podwire().run("rules", "node-9").err()).contains("node-9");
  }

  private static PodwireCommand podwire() {
    return Objects.requireNonNull(cluster).podwire();
  }

  private static Result curl() throws Exception {
    return podwire().exec("client", "curl", "-s", "--max-time", "1", "http://web/hostname");
  }

  private static List<FrameHeaders> packets(Path file) throws IOException {
    List<FrameHeaders> packets = new ArrayList<>();
    try (InputStream in = Files.newInputStream(file)) {
      PcapngReader reader = new PcapngReader(in);
      Block last = Block.OTHER;
      for (Block block = reader.next(); block != Block.END; block = reader.next()) {
        last = block;
        if (block == Block.PACKET) {
          packets.add(
              new FrameHeaders().read(reader.block(), reader.packetOffset(), reader.captured()));
        }
      }
      assertThat(last).as("the last block").isEqualTo(Block.STATISTICS);
    }
    return packets;
  }

  private static List<String> tcpdump(Path file) throws Exception {
    Path out = Files.createTempFile(scratch, "tcpdump", ".out");
    Process process =
        new ProcessBuilder("tcpdump", "-n", "-r", file.toString())
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor()).as("exit code of tcpdump").isZero();
    return Files.readAllLines(out);
  }

  @Test
  void shouldWriteEveryConnectionThroughAServiceUntilCtrlC() throws Exception {
    Path file = scratch.resolve("client.pcapng");
    Capture capture = Capture.start("client", "--filter", "tcp port 80", "-w", file.toString());
    for (int i = 0; i < REQUESTS; i++) {
      curl().succeeded();
    }
    Result result = capture.interrupt().succeeded();

    List<FrameHeaders> packets = packets(file);
    assertThat(packets.stream().filter(packet -> packet.tcpFlags() == TcpFlags.SYN))
        .as("SYNs in %s", result.all())
        .hasSize(REQUESTS)
        .allSatisfy(packet -> {
          assertThat(packet.destinationPort()).isEqualTo(80);
          assertThat(packet.destination().toString()).startsWith("10.96.");
        });
    assertThat(
            packets.stream().filter(packet -> packet.tcpFlags() == (TcpFlags.SYN | TcpFlags.ACK)))
        .hasSize(REQUESTS);
    assertThat(result.err()).contains(packets.size() + " packets captured, 0 lost by the capture");
    assertThat(tcpdump(file))
        .hasSameSizeAs(packets)
        .filteredOn(line -> line.contains("Flags [S],"))
        .hasSize(REQUESTS);
  }

  @Test
  void shouldShowWhatPassesBetweenNodes() throws Exception {
    Capture capture = Capture.start("node/node-1", "--filter", "tcp port 8080", "-c", "2");
    curl().succeeded();
    Result result = capture.end().succeeded();

    assertThat(result.out().lines().toList()).hasSize(2);
    assertThat(result.out().lines().findFirst().orElseThrow())
        .matches(".* out 10\\.244\\.\\S+ > 10\\.244\\.\\S+:8080 TCP SYN length 74");
    assertThat(result.err()).contains("2 packets captured");
  }

  @Test
  void shouldNameTheFaultThatLosesAPacket() throws Exception {
    Path manifest = Files.writeString(scratch.resolve("fault.yaml"), FAULT);
    podwire().run("apply", "-f", manifest.toString()).succeeded();
    await().atMost(PATIENCE).until(() -> curl().exitCode() != 0);
    try {
      Path file = scratch.resolve("lost.pcapng");
      Capture capture =
          Capture.start("client", "--filter", "tcp dst port 80", "-c", "1", "-w", file.toString());
      Capture lines = Capture.start("client", "--filter", "tcp dst port 80", "-c", "1");
      assertThat(curl().exitCode()).isNotZero();
      capture.end().succeeded();
      String comment = "dropped by networkfault default/cut: random loss";
      assertThat(lines.end().succeeded().out()).contains(":80 TCP SYN length 74  " + comment);
      try (InputStream in = Files.newInputStream(file)) {
        PcapngReader reader = new PcapngReader(in);
        Block block = reader.next();
        while (block != Block.PACKET) {
          block = reader.next();
        }
        assertThat(reader.comment()).isEqualTo(comment);
      }
      assertThat(tcpdump(file)).hasSize(1);
    } finally {
      podwire().run("heal").succeeded();
    }
    await().atMost(PATIENCE).until(() -> curl().exitCode() == 0);
  }

  @Test
  void shouldFeedAReaderPacketByPacket() throws Exception {
    Path lines = scratch.resolve("live.txt");
    String command =
        "'"
            + podwire().root().resolve("podwire")
            + "' capture client --filter 'tcp port 80' -w - |"
            + " tcpdump -n -l -r - >'"
            + lines
            + "' 2>'"
            + scratch.resolve("live.err")
            + "'";
    Path out = Files.createTempFile(scratch, "live", ".out");
    Path err = Files.createTempFile(scratch, "live", ".err");
    Process pipe = podwire().start(out, err, List.of("sh", "-c", command));
    try {
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> {
            curl().succeeded();
            assertThat(Files.readString(lines)).contains("Flags [S]").contains("HTTP");
          });
      assertThat(pipe.isAlive()).isTrue();
    } finally {
      List<ProcessHandle> programs = pipe.descendants().toList();
      programs.forEach(ProcessHandle::destroy);
      pipe.waitFor();
    }
    assertThat(Files.readString(err)).contains("packets captured");
  }

  @Test
  void shouldSayThatAPodHasGone() throws Exception {
    Capture capture = Capture.start("brief");
    podwire().run("delete", "pod", "brief").succeeded();
    Result result = capture.end();

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("the capture has ended: pod default/brief has gone");
  }

  @Test
  void shouldEndAfterTheDuration() throws Exception {
    Result result = podwire().run("capture", "web", "--filter", "sctp", "--duration", "300ms");

    assertThat(result.succeeded().err()).contains("0 packets captured, 0 lost");
  }

  @ParameterizedTest
  @CsvSource({
    "none, pods \"none\" not found",
    "node/none, nodes \"none\" not found",
    "client --filter prot, --filter \"prot\": \"prot\" is neither an IP address nor a keyword",
    "client -w /none/file, -w /none/file (No such file or directory)"
  })
  void shouldRefuseInOneLine(String arguments, String message) throws Exception {
    List<String> words = new ArrayList<>(List.of("capture"));
    words.addAll(List.of(arguments.split(" ")));
    Result result = podwire().run(words.toArray(String[]::new));

    assertThat(result.exitCode()).as(result.all()).isNotZero();
    assertThat(result.err()).contains(message).doesNotContain("Exception");
  }
}
