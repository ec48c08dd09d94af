package io.podwire.testkit.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Experiments from their files to their reports; the examples are shortened. */
class ExperimentIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LIMIT = Duration.ofSeconds(150);

  /** What an example's times become. */
  private static final Map<String, Map<String, String>> SHORTER =
      Map.of(
          "burst-loss",
          Map.of(
              "duration: 45s",
              "duration: 20s",
              "at: 12s",
              "at: 4s",
              "duration: 18s",
              "duration: 10s"),
          "slow-dns",
          Map.of(
              "duration: 40s",
              "duration: 26s",
              "at: 8s",
              "at: 4s",
              "duration: 10s",
              "duration: 7s"),
          "zookeeper-partition",
          Map.of(
              "duration: 45s",
              "duration: 34s",
              "at: 8s",
              "at: 3s",
              "duration: 18s",
              "duration: 14s",
              "settle: 10s",
              "settle: 8s"));

  @TempDir static Path scratch;

  private static final Map<String, Process> RUNS = new HashMap<>();
  private static PodwireCommand podwire;
  private static Leftovers leftovers;

  @BeforeAll
  static void start() throws Exception {
    Tools.assumeRoot();
    podwire = new PodwireCommand(scratch);
    leftovers = new Leftovers(podwire.home());
    // Builds what there is to build, once.
    podwire.run("--version").succeeded();
  }

  @AfterAll
  static void stop() throws Exception {
    for (Process run : RUNS.values()) {
      run.destroy();
      run.waitFor(30, TimeUnit.SECONDS);
    }
    if (leftovers != null) {
      assertThat(leftovers.remaining()).isEmpty();
    }
  }

  private static Path shortened(String example) throws IOException {
    Path folder = podwire.root().resolve("examples/experiments");
    String text = Files.readString(folder.resolve(example + ".yaml"));
    for (Map.Entry<String, String> time : Objects.requireNonNull(SHORTER.get(example)).entrySet()) {
      assertThat(text).contains(time.getKey());
      text = text.replace(time.getKey(), time.getValue());
    }
    text =
        text.replace("../hello.yaml", folder.resolve("../hello.yaml").normalize().toString())
            .replace("[zookeeper.yaml]", "[" + folder.resolve("zookeeper.yaml") + "]");
    return Files.writeString(scratch.resolve(example + ".yaml"), text);
  }

  @Test
  void shouldShowBurstsOfLoss() throws Exception {
    check("burst-loss", List.of("web", "stream"), List.of("bursts"));
  }

  @Test
  void shouldShowASlowDnsServer() throws Exception {
    check("slow-dns", List.of("names", "web", "stream"), List.of("slow", "lossy"));
  }

  @Test
  void shouldPartAQuorum() throws Exception {
    check("zookeeper-partition", List.of("zk-1", "zk-2", "zk-3"), List.of("partition"));
  }

  /** It has passed, and its reports say so; the page is drawn by a browser. */
  private static void check(String example, List<String> workloads, List<String> steps)
      throws Exception {
    Process run =
        podwire.start(
            scratch.resolve(example + ".out"),
            scratch.resolve(example + ".err"),
            "experiment",
            "run",
            shortened(example).toString(),
            "--report",
            scratch.resolve(example).toString());
    RUNS.put(example, run);
    assertThat(run.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    String all =
        Files.readString(scratch.resolve(example + ".out"))
            + Files.readString(scratch.resolve(example + ".err"));
    assertThat(run.exitValue()).as(all).isZero();
    assertThat(all).contains("experiment " + example + " passed");

    Path reports = scratch.resolve(example);
    assertThat(reports.resolve("bundle"))
        .as("packets and logs of a run that passed")
        .doesNotExist();
    JsonNode report = JSON.readTree(reports.resolve("report.json").toFile());
    assertThat(report.path("passed").asBoolean()).isTrue();
    assertThat(report.path("steps").findValuesAsText("step")).isEqualTo(steps);
    assertThat(report.path("workloads").findValuesAsText("name")).isEqualTo(workloads);
    assertThat(reports.resolve("junit.xml")).content().contains("failures=\"0\"", "<testcase");
    browse(reports.resolve("report.html"), workloads.size(), steps.size());
  }

  private static void browse(Path page, int workloads, int steps) throws Exception {
    Browser browser =
        new Browser(
            scratch.resolve("browser-" + Objects.requireNonNull(page.getParent()).getFileName()));
    Map<String, List<Browser.Box>> boxes =
        browser.boxes(
            page,
            List.of("#timeline", ".band", ".bar", ".p50", ".p99", ".dots", ".tick", ".title"));

    assertThat(boxes.get("#timeline"))
        .singleElement()
        .satisfies(picture -> {
          assertThat(picture.width()).isGreaterThan(700);
          assertThat(picture.height()).isGreaterThan(150);
        });
    assertThat(boxes.get(".band")).hasSize(steps);
    assertThat(boxes.get(".bar")).hasSize(steps);
    for (String series : List.of(".p50", ".p99", ".dots", ".title")) {
      assertThat(boxes.get(series)).as(series).hasSize(workloads);
    }
    assertThat(boxes.get(".tick")).hasSizeGreaterThan(5 * workloads);
    boxes.values().stream()
        .flatMap(List::stream)
        .forEach(box ->
            assertThat(box)
                .satisfies(each -> {
                  assertThat(each.width()).isGreaterThan(1);
                  assertThat(each.height()).isGreaterThan(0);
                }));
    // A band goes through all of the plots.
    double lowest = Objects.requireNonNull(boxes.get(".p50")).getLast().bottom();
    assertThat(boxes.get(".band")).allMatch(band -> band.bottom() > lowest);
  }

  private static final String CONDITIONS =
      """
      apiVersion: podwire.io/v1alpha1
      kind: Experiment
      metadata: {name: conditions}
      spec:
        duration: 100s
        topology:
          manifests:
          - apiVersion: v1
            kind: Pod
            metadata: {name: client}
            spec: {containers: [{name: main, image: podwire/pause}]}
          - apiVersion: v1
            kind: Pod
            metadata: {name: peer, labels: {app: peer}}
            spec: {containers: [{name: main, image: podwire/pause}]}
          - apiVersion: v1
            kind: Service
            metadata: {name: peer}
            spec: {clusterIP: None, selector: {app: peer}}
        workload:
        - {name: pings, from: client, type: ping, target: peer, every: 100ms, timeout: 500ms}
        probes:
        - {name: answered, workload: pings, errorRate, below: 50%, window: 1s}
        steps:
        - {name: first, at: 1s, wait: 500ms}
        - {name: again, every: 1s, from: 500ms, until: 3s, exec: {pod: client, command: ["true"]}}
        - name: cut
          after: first
          delay: 2s
          fault: {selector: {pods: {default: [client]}}, loss: {percent: 100%}}
        - {name: seen, when: {probe: answered, holds: false}, wait: 100ms}
        assertions:
        - {noResidualFault}
      """;

  @Test
  void shouldBeginStepsByConditionsAndEndInOrderWhenItIsInterrupted() throws Exception {
    Path file = Files.writeString(scratch.resolve("conditions.yaml"), CONDITIONS);
    Path reports = scratch.resolve("conditions");
    Path err = scratch.resolve("conditions.err");
    podwire.run("up", "--nodes", "1").succeeded();
    try {
      Process run =
          podwire.start(
              scratch.resolve("conditions.out"),
              err,
              "experiment",
              "run",
              file.toString(),
              "--report",
              reports.toString());
      RUNS.put("conditions", run);
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> Files.readString(err).contains("step seen ended") || !run.isAlive());
      run.destroy();
      assertThat(run.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(run.exitValue()).as(Files.readString(err)).isEqualTo(143);
      assertThat(podwire.run("get", "networkfaults", "-A", "-o", "json").succeeded().out())
          .doesNotContain("conditions-cut");
      assertThat(podwire.run("get", "pods", "-o", "name").succeeded().out()).isBlank();
      repeat(reports);
    } finally {
      podwire.run("down").succeeded();
    }

    JsonNode report = JSON.readTree(reports.resolve("report.json").toFile());
    Map<String, List<JsonNode>> steps = new HashMap<>();
    for (JsonNode step : report.path("steps")) {
      steps.computeIfAbsent(step.path("step").asText(), name -> new ArrayList<>()).add(step);
      assertThat(step.path("failure").asText()).isEmpty();
    }
    assertThat(steps.get("again")).hasSize(3);
    JsonNode cut = Objects.requireNonNull(steps.get("cut")).getFirst();
    assertThat(cut.path("from").asDouble())
        .isGreaterThanOrEqualTo(
            Objects.requireNonNull(steps.get("first")).getFirst().path("to").asDouble() + 1.9);
    assertThat(Objects.requireNonNull(steps.get("seen")).getFirst().path("from").asDouble())
        .isGreaterThan(cut.path("from").asDouble());
    assertThat(cut.at("/fault/status/phase").asText()).isEqualTo("Ended");
    assertThat(report.path("checks").findValuesAsText("seen")).contains("interrupted", "none");
    assertThat(reports.resolve("report.html")).isNotEmptyFile();
    Path bundle = reports.resolve("bundle");
    assertThat(bundle.resolve("repeat.sh")).isExecutable();
    assertThat(bundle.resolve("logs")).isNotEmptyDirectory();
    assertThat(
            Files.readString(
                bundle.resolve("packets/default_client.pcapng"), StandardCharsets.ISO_8859_1))
        .as("packets say what has dropped them")
        .contains("conditions-cut");
  }

  /** The bundle's script runs the same experiment with the same seed, without the first file. */
  private static void repeat(Path reports) throws Exception {
    Path again = scratch.resolve("again");
    Path err = scratch.resolve("again.err");
    Process run =
        podwire.start(
            scratch.resolve("again.out"),
            err,
            List.of(
                "env",
                "PODWIRE=" + podwire.root().resolve("podwire"),
                reports.resolve("bundle/repeat.sh").toString(),
                "--report",
                again.toString()));
    RUNS.put("again", run);
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> Files.readString(err).contains("step first ended") || !run.isAlive());
    run.destroy();
    assertThat(run.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(run.exitValue()).as(Files.readString(err)).isEqualTo(143);
    assertThat(JSON.readTree(again.resolve("report.json").toFile()).path("seed").asText())
        .isNotEmpty()
        .isEqualTo(JSON.readTree(reports.resolve("report.json").toFile()).path("seed").asText());
  }

  @Test
  void shouldRefuseABadFileBeforeAnythingStarts() throws Exception {
    Path file =
        Files.writeString(
            scratch.resolve("bad.yaml"),
            """
            apiVersion: podwire.io/v1alpha1
            kind: Experiment
            metadata: {name: bad}
            spec:
              topology: {nodes: 1}
              duration: 5
              steps: [{at: 1s}]
            """);

    PodwireCommand.Result run = podwire.run("experiment", "run", file.toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("bad.yaml: spec.duration", "bad.yaml: spec.steps[0].fault");
    assertThat(run.err()).doesNotContain("Cluster");
  }
}
