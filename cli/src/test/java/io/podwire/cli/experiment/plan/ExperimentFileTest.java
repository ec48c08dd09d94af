package io.podwire.cli.experiment.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podwire.cli.outcome.CommandFailure;
import io.podwire.client.api.Resource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ExperimentFileTest {
  private static final String HEAD =
      "apiVersion: podwire.io/v1alpha1\nkind: Experiment\nmetadata: {name: x}\nspec:\n";
  private static final String WORKLOAD =
      "  workload: [{name: web, from: client, target: 'http://web/'}]\n";

  @TempDir Path folder;

  static Stream<Path> examples() throws Exception {
    try (Stream<Path> files = Files.list(Path.of("../examples/experiments"))) {
      return files.filter(file -> !file.endsWith("zookeeper.yaml")).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void shouldReadTheExamples(Path file) {
    Experiment experiment = ExperimentFile.read(file);

    assertThat(file.getFileName()).hasToString(experiment.name() + ".yaml");
    assertThat(experiment.assertions()).contains(new Assertion.NoResidualFault());
  }

  @Test
  void shouldReadEveryTriggerAndAction() {
    Experiment experiment =
        read(
            HEAD
                + "  seed: 9\n  duration: 1m\n"
                + WORKLOAD
                + "  probes: [{name: fast, workload: web, quantile: 0.9, below: 1s}]\n"
                + "  steps:\n"
                + "  - {name: a, at: 1s, fault: {selector: {}, delay: {latency: 1ms}}}\n"
                + "  - {name: b, after: c, delay: 2s, wait: 3s}\n"
                + "  - {name: c, every: 5s, until: 20s, exec: {pod: client, command: [true]}}\n"
                + "  - {name: d, when: {probe: fast, holds: false}, delete: {kind: pod, name: w}}\n"
                + "  - {name: e, at: 0s, apply: [{apiVersion: v1, kind: Namespace,"
                + " metadata: {name: n}}]}\n"
                + "  assertions:\n"
                + "  - {probe: fast, errorRate, below: 1%, during: a, settle: 1s}\n"
                + "  - {receipt: a, verdict: mismatch}\n");

    assertThat(experiment.seed()).isEqualTo(9);
    assertThat(experiment.duration()).contains(Duration.ofMinutes(1));
    assertThat(experiment.steps())
        .extracting(Step::trigger)
        .containsExactly(
            new Trigger.At(Duration.ofSeconds(1)),
            new Trigger.After("c", Duration.ofSeconds(2)),
            new Trigger.Every(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(20)),
            new Trigger.When("fast", false, Duration.ofSeconds(60)),
            new Trigger.At(Duration.ZERO));
    assertThat(experiment.steps().getFirst().action())
        .isInstanceOfSatisfying(
            Action.Fault.class,
            fault -> {
              assertThat(fault.kind()).isEqualTo(Resource.NETWORK_FAULT);
              assertThat(fault.held()).isTrue();
              assertThat(fault.manifest().at("/metadata/namespace").asText()).isEqualTo("default");
            });
    assertThat(experiment.assertions())
        .containsExactly(
            new Assertion.Requests(
                "web",
                new Criterion(Criterion.Measure.ERROR_RATE, 0, true, 0.01, ""),
                "a",
                Duration.ofSeconds(1)),
            new Assertion.Receipt("a", "mismatch"));
  }

  @Test
  void shouldTakeChaosMeshManifestsAsTheyAre() {
    Experiment experiment =
        read(
            HEAD
                + "  duration: 9s\n  steps:\n  - at: 1s\n    fault:\n"
                + "      apiVersion: chaos-mesh.org/v1alpha1\n      kind: NetworkChaos\n"
                + "      spec: {action: delay, mode: all, selector: {},"
                + " delay: {latency: 1ms}, duration: 5s}\n");

    assertThat(experiment.steps().getFirst().name()).isEqualTo("step-1");
    assertThat(experiment.steps().getFirst().action())
        .isInstanceOfSatisfying(
            Action.Fault.class,
            fault -> {
              assertThat(fault.kind()).isEqualTo(Resource.NETWORK_CHAOS);
              assertThat(fault.held()).isFalse();
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          seed: x                                              | spec.seed: "x" is no integer
          duration: 10                                         | spec.duration: "10" has no unit
          speed: 1                                             | spec.speed: is not known
          topology: {nodes: 0}                                 | spec.topology.nodes: 0 is no number
          topology: {manifests: [none.yaml]}                   | none.yaml: no such file
          workload: [{from: a, target: b}]                     | spec.workload[0].name: is missing
          workload: [{name: w, target: b}]                     | spec.workload[0].from: is missing
          workload: [{name: w, from: a}]                       | spec.workload[0].target: is missing
          workload: [{name: w, from: a, target: b, type: ftp}] | "ftp" is none of http, stream
          workload: [{name: w, from: a, target: b, send: c}]   | send: goes with type tcp alone
          workload: [{name: w, from: a, target: b, expect: (}] | is no regular expression
          workload: [{name: after, from: a, target: b}]        | "after" is a phase
          probes: [{name: p, workload: w, reachable}]          | spec.probes[0].workload: "w" is
          steps: [{at: 1s}]                                    | spec.steps[0].fault: is missing
          steps: [{wait: 1s}]                                  | spec.steps[0].at: is missing
          steps: [{at: 1s, after: b, wait: 1s}]                | only one of at, after can be meant
          steps: [{at: -1s, wait: 1s}]                         | spec.steps[0].at: "-1s" is below
          steps: [{after: b, wait: 1s}]                        | steps[0].after: "b" is none of
          steps: [{name: a, after: a, wait: 1s}]               | goes round in a circle
          steps: [{when: {probe: p}, wait: 1s}]                | when.probe: "p" is none of
          steps: [{every: 1s, wait: 1s}]                       | spec.steps[0].until: is missing
          steps: [{at: 1s, fault: {kind: TimeChaos}}]          | "TimeChaos" is none of
          steps: [{at: 1s, fault: {mtu: 999}}]                 | fault.duration: is missing
          steps: [{at: 1s, delete: {kind: cow, name: b}}]      | KIND "cow" is not known
          assertions: [{probe: w, errorRate, below: 1%}]       | probe: "w" is none of
          assertions: [{receipt: s}]                           | receipt: "s" is none of
          assertions: [{probe: w, quantile: 2, below: 1s}]     | 2 is no number from 0 to 1
          assertions: [{probe: w, errorRate, below: 101%}]     | is over 100 %
          assertions: [{probe: w, errorRate}]                  | below: is missing
          assertions: [{probe: w, reachable, below: 1%}]       | has no meaning with reachable
          assertions: [{probe: w, reachable, during: never}]   | during: "never" is none of
          """)
  void shouldTellWhereAMistakeIs(String spec, String problem) {
    assertThat(problems(HEAD + "  " + spec + "\n"))
        .anySatisfy(line -> assertThat(line).contains(problem));
  }

  @Test
  void shouldTellAllMistakesAtOnce() {
    List<String> problems =
        problems(
            HEAD
                + "  seed: x\n  workload: [{name: A, from: a, target: b}]\n"
                + "  steps: [{at: 5, wait: 1s}]\n  assertions: [{probe: z, reachable}]\n");

    assertThat(problems).hasSize(4);
  }

  @Test
  void shouldSayWhatIsNoExperiment() throws Exception {
    Path file = Files.writeString(folder.resolve("x.yaml"), "kind: Pod\n");

    assertThatThrownBy(() -> ExperimentFile.read(file))
        .isInstanceOfSatisfying(
            CommandFailure.class, failure -> assertThat(failure.exitCode()).isEqualTo(2))
        .hasMessageContaining("x.yaml: kind: \"Pod\" is not Experiment")
        .hasMessageContaining("apiVersion: is missing");
    assertThat(problems("a: [")).singleElement().asString().contains("no YAML");
    assertThat(problems("a: 1\na: 2\n")).isNotEmpty();
    assertThat(problems("")).isNotEmpty();
  }

  private Experiment read(String text) {
    List<String> problems = new ArrayList<>();
    Experiment experiment = ExperimentFile.parse(text, folder, problems);
    assertThat(problems).isEmpty();
    return Objects.requireNonNull(experiment);
  }

  private List<String> problems(String text) {
    List<String> problems = new ArrayList<>();
    ExperimentFile.parse(text, folder, problems);
    return problems;
  }
}
