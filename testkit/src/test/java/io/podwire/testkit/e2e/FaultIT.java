package io.podwire.testkit.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.client.api.ApiRefusal;
import io.podwire.client.api.Resource;
import io.podwire.testkit.e2e.PodwireCommand.Result;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every fault through its public manifest, with real programs: what the programs see, and what the
 * receipt says. The cases are in {@code faults/*.yaml}, and several run at once.
 */
class FaultIT {

  private static final Duration PATIENCE = FaultStage.PATIENCE;
  private static final Duration POLL = Duration.ofMillis(100);
  private static final String EVERYTHING = "everything";

  /** Written while everything is disturbed, read by all others. */
  private static final ReadWriteLock QUIET = new ReentrantReadWriteLock(true);

  @TempDir static Path scratch;

  private static Optional<FaultStages> started = Optional.empty();

  @BeforeAll
  static void start() throws Exception {
    Tools.assumeRoot();
    Tools.assumeInstalled("curl", "dig", "ping", "python3", "nsenter", "ip");
    started = Optional.of(FaultStages.start(scratch));
  }

  @AfterAll
  static void stop() throws Exception {
    if (started.isPresent()) {
      started.get().close();
    }
  }

  private static FaultStages stages() {
    return started.orElseThrow();
  }

  /** What is done on a stage. */
  private interface Act {
    void on(FaultStage stage) throws Exception;
  }

  private static void on(String kind, Act act) throws Exception {
    Lock lock = kind.equals(EVERYTHING) ? QUIET.writeLock() : QUIET.readLock();
    lock.lock();
    try {
      FaultStage stage = stages().take(kind);
      try {
        act.on(stage);
      } finally {
        heal(stage);
        stages().giveBack(kind, stage);
      }
    } finally {
      lock.unlock();
    }
  }

  private static void heal(FaultStage stage) {
    for (Resource kind : Resource.FAULTS) {
      await()
          .atMost(PATIENCE)
          .pollInterval(POLL)
          .ignoreExceptions()
          .until(() -> {
            JsonNode faults = stage.get(kind.listPath(stage.namespace())).path("items");
            for (JsonNode fault : faults) {
              stage
                  .api()
                  .delete(kind.objectPath(stage.namespace(), fault.at("/metadata/name").asText()));
            }
            return true;
          });
    }
    stage.awaitHealth();
  }

  static List<FaultCase> cases() {
    return FaultCase.all();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  @Execution(ExecutionMode.CONCURRENT)
  void shouldActAndSaySo(FaultCase fault) throws Exception {
    on(fault.stage(), stage -> check(fault, stage));
  }

  private static void check(FaultCase fault, FaultStage stage) throws Exception {
    stage.shell(fault.text("before"));
    ObjectNode manifest = fault.manifest(stage.variables());
    if (fault.document().has("refused")) {
      assertThatThrownBy(() -> apply(stage, manifest))
          .isInstanceOf(ApiRefusal.class)
          .hasMessageContaining(fault.text("refused"));
      return;
    }
    String path = apply(stage, manifest);
    awaitBegin(stage, path, fault.is("early", "yes"));

    String printed = stage.shell(fault.text("run"));
    stage.shell(fault.text("after"));

    List<String> problems = new ArrayList<>();
    fault
        .expected("sees")
        .forEach(entry ->
            Expected.problem(
                    FaultCase.substitute(stage.variables(), entry.getKey()),
                    Expected.of(entry.getValue()),
                    printed)
                .ifPresent(problems::add));
    assertThat(problems).as("of\n%s\n%s", printed, manifest).isEmpty();
    if (!fault.is("bystander", "no")) {
      assertThat(stage.shell("bystander ping -q -c 3 -i 0.1 -W 1 $WEB_IP"))
          .as("what the bystander sees")
          .contains("3 received");
    }
    await()
        .atMost(PATIENCE)
        .pollInterval(POLL)
        .ignoreExceptions()
        .untilAsserted(() -> checkReceipt(fault, stage, stage.get(path).path("status")));
  }

  private static void checkReceipt(FaultCase fault, FaultStage stage, JsonNode status) {
    List<String> problems = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : fault.expected("receipt")) {
      String key = entry.getKey();
      JsonNode value = key.startsWith("/") ? status.at(key) : status.path("affected").path(key);
      String expected =
          FaultCase.substitute(stage.variables(), Expected.of(entry.getValue()).text());
      if (!new Expected(expected).fits(value.asText("0"))) {
        problems.add(key + " is to be " + expected + ", is " + value);
      }
    }
    assertThat(problems).as("status %s", status).isEmpty();
    if (!fault.is("verdict", "any")) {
      assertThat(status.path("verdict").asText())
          .as("status %s", status)
          .isIn("confirmed", "inconclusive");
    }
  }

  /** Creates the fault and returns its path. */
  private static String apply(FaultStage stage, ObjectNode manifest) {
    Resource kind = Resource.named(manifest.path("kind").asText());
    String list = kind.listPath(stage.namespace());
    stage
        .api()
        .post(list, manifest.toString().getBytes(StandardCharsets.UTF_8), "application/json");
    return kind.objectPath(stage.namespace(), manifest.at("/metadata/name").asText());
  }

  /** Waits until whoever acts has said so. */
  private static void awaitBegin(FaultStage stage, String path, boolean early) {
    await()
        .atMost(PATIENCE)
        .pollInterval(POLL)
        .ignoreExceptions()
        .until(() -> {
          JsonNode status = stage.get(path).path("status");
          String phase = status.path("phase").asText();
          return phase.equals("Ended")
              || phase.equals("Running") && (early || !status.path("receipts").isEmpty());
        });
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void shouldTakeTheSameDecisionsForTheSameSeed() throws Exception {
    on(
        "pair",
        stage -> {
          String first = decisionHash(stage, "first", 7);
          assertThat(decisionHash(stage, "second", 7)).isEqualTo(first);
          assertThat(decisionHash(stage, "third", 8)).isNotEqualTo(first);
        });
  }

  private static String decisionHash(FaultStage stage, String name, int seed) throws Exception {
    String path = icmpLoss(stage, name, seed);
    stage.shell("pings 100");
    await()
        .atMost(PATIENCE)
        .pollInterval(POLL)
        .untilAsserted(
            () -> assertThat(stage.get(path).at("/status/matched").asInt()).isEqualTo(100));
    String hash = stage.get(path).at("/status/decisionHash").asText();
    stage.api().delete(path);
    return hash;
  }

  private static String icmpLoss(FaultStage stage, String name, int seed) throws Exception {
    ObjectNode manifest =
        new FaultCase(
                "here",
                new com.fasterxml.jackson.databind.ObjectMapper(
                        new com.fasterxml.jackson.dataformat.yaml.YAMLFactory())
                    .readTree(
                        "{name: %s, spec: {seed: %d, protocol: icmp, loss: {percent: 20%%}}}"
                            .formatted(name, seed)))
            .manifest(stage.variables());
    String path = apply(stage, manifest);
    awaitBegin(stage, path, false);
    return path;
  }

  @Test
  void shouldEndAtItsDeadlineThoughEverybodyElseHasDied() throws Exception {
    on(
        EVERYTHING,
        stage -> {
          cli("fault", "partition", "--as", "short", "--pod", "client", "--duration", "4s", stage);
          assertThat(stage.shell("until_it_fails client ping -c 1 -W 1 $WEB_IP"))
              .contains("failed");

          Processes.kill(stages().podwire(), "io.podwire.controlplane.boot.ControlPlane", "");

          await()
              .atMost(PATIENCE)
              .untilAsserted(() -> assertThat(stage.shell("pings 3")).contains(" 3 received"));
          await()
              .atMost(PATIENCE)
              .ignoreExceptions()
              .untilAsserted(() ->
                  assertThat(
                          stages()
                              .podwire()
                              .run("fault", "ls", "-n", stage.namespace())
                              .succeeded()
                              .out())
                      .contains("short")
                      .contains("Ended"));
        });
  }

  private static void cli(Object... words) throws Exception {
    FaultStage stage = (FaultStage) words[words.length - 1];
    List<String> command =
        new ArrayList<>(
            Arrays.stream(words).limit(words.length - 1L).map(Object::toString).toList());
    command.addAll(List.of("-n", stage.namespace(), "--detach"));
    stages().podwire().run(command.toArray(String[]::new)).succeeded();
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void shouldListWhatIsThereAndRemoveIt() throws Exception {
    on(
        "pair",
        stage -> {
          String path = icmpLoss(stage, "listed", 1);
          PodwireCommand podwire = stages().podwire();
          assertThat(
                  podwire.run("get", "networkfaults", "-n", stage.namespace(), "-o", "wide").out())
              .contains("listed")
              .contains("Running");
          assertThat(podwire.run("fault", "receipt", "listed", "-n", stage.namespace()).out())
              .contains("egress")
              .contains("verdict:");
          podwire.run("fault", "rm", "listed", "-n", stage.namespace()).succeeded();
          assertThatThrownBy(() -> stage.get(path)).isInstanceOf(ApiRefusal.class);
        });
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void shouldTellItsDecisions() throws Exception {
    on(
        "pair",
        stage -> {
          String path = icmpLoss(stage, "told", 7);
          stage.shell("pings 50");
          await()
              .atMost(PATIENCE)
              .pollInterval(POLL)
              .untilAsserted(
                  () -> assertThat(stage.get(path).at("/status/matched").asInt()).isEqualTo(50));
          JsonNode status = stage.get(path).path("status");

          JsonNode link = stage.get(path + "/decisions?last=1000").path("links").path(0);
          assertThat(link.path("decisions").asInt()).isEqualTo(50);
          assertThat(link.path("decisionHash")).isEqualTo(status.at("/receipts/0/decisionHash"));
          assertThat(link.path("last")).hasSize(50);
          assertThat(link.path("last").findValues("lost"))
              .hasSize(status.at("/affected/lost").asInt());
          String printed =
              stages()
                  .podwire()
                  .run("fault", "decisions", "told", "--last", "3", "-n", stage.namespace())
                  .succeeded()
                  .out();
          assertThat(printed)
              .contains("egress: 50 decisions, hash " + link.path("decisionHash").asText())
              .contains("\n49 ");
        });
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void shouldRefuseWhatMatchesNothing() throws Exception {
    on(
        "pair",
        stage -> {
          Result refused =
              stages()
                  .podwire()
                  .run("fault", "partition", "-n", stage.namespace(), "--selector", "app=nobody");
          assertThat(refused.exitCode()).isNotZero();
          assertThat(refused.err()).contains("spec.selector");
          assertThat(stages().podwire().run("fault", "ls", "-n", stage.namespace()).out())
              .contains("no faults");
        });
  }
}
