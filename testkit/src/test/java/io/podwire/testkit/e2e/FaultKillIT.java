package io.podwire.testkit.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.podwire.client.api.ApiAddress;
import io.podwire.client.api.ApiClient;
import io.podwire.client.api.Resource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever is killed while faults act, none of them acts a second after its lease: the command that
 * holds one, control planes, and agents die at random moments (kill -9), again and again.
 *
 * <p>{@code -Dpodwire.test.seed=N} repeats a run's kills, {@code -Dpodwire.test.kills=N} says how
 * many.
 */
class FaultKillIT {

  private static final int KILLS = Integer.getInteger("podwire.test.kills", 60);
  private static final int KILLS_IN_A_ROUND = 12;
  private static final int HOLDERS = 3;
  private static final long ROUND_MILLIS = 2000;
  private static final long GRACE_MILLIS = 1000;
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final Duration POLL = Duration.ofMillis(50);
  private static final String CONTROL_PLANE = "control-plane";

  /** What each Pod suffers; any of it that is left would show in {@link #PROBE}. */
  private static final Map<String, String> FAULTS =
      new TreeMap<>(
          Map.of(
              "delay", "'delay': {'latency': '300ms'}",
              "loss", "'loss': {'percent': '100%'}",
              "corrupt", "'corrupt': {'percent': '100%'}",
              "duplicate", "'duplicate': {'percent': '100%'}",
              "partition", "'partition': {}",
              "hold", "'hold': {}",
              "interface", "'interfaceDown': {}",
              "stream", "'stream': [{'type': 'down'}]",
              "names", "'dns': {'action': 'nxdomain'}",
              "slot", "'slot': {'min': '400ms'}"));

  /** Says "well" where nothing is wrong; the ping's times are far below those of the faults. */
  private static final String PROBE =
      """
      in_pod %1$s ip -o link show eth0 | grep -q NO-CARRIER && echo no carrier
      in_pod %1$s timeout 6 ping -q -i 0.05 -c 10 -W 2 $WEB_IP >%2$s
      grep -q ' %3$s received, [0-9.]*%% packet loss' %2$s || cat %2$s
      grep -q 'mdev = [01]\\?[0-9]\\?[0-9]\\.' %2$s || cat %2$s
      in_pod %1$s curl -sS -m 2 -o /dev/null http://$WEB_IP:8080/ || echo no page
      for i in 1 2 3 4 5; do
        in_pod %1$s dig +tries=1 +time=2 web.nodes.svc.cluster.local >%2$s
        ! grep -q NXDOMAIN %2$s || echo wrong name
        ! grep -q NOERROR %2$s || break
      done
      grep -q NOERROR %2$s || echo no name
      echo end
      """;

  @TempDir static Path scratch;

  private static Optional<PodwireCommand> cluster = Optional.empty();
  private static Leftovers leftovers;
  private static FaultStage stage;
  private static ApiClient api;
  private static final Map<String, Long> sandboxes = new TreeMap<>();

  @BeforeAll
  static void start() throws Exception {
    Tools.assumeRoot();
    Tools.assumeInstalled("curl", "dig", "ping", "python3", "nsenter", "ip");
    PodwireCommand podwire = new PodwireCommand(scratch);
    leftovers = new Leftovers(podwire.home());
    cluster = Optional.of(podwire);
    Path traffic = FaultStages.copyPrograms(scratch);
    api = new ApiClient(new ApiAddress.Unix(podwire.home().resolve("clusters/podwire/api.sock")));
    stage =
        new FaultStage(
            "nodes", List.of("node-1", "node-2", "node-1"), false, podwire.home(), scratch, api);
    StringBuilder manifest = new StringBuilder(stage.manifest(traffic));
    int number = 0;
    for (String pod : FAULTS.keySet()) {
      manifest.append(stage.idle(pod, "app: " + pod, number++ % 2 == 0 ? "node-1" : "node-3"));
    }
    Path file = Files.writeString(scratch.resolve("kill.yaml"), manifest);
    podwire.run("up", "--nodes", "3", "-f", file.toString()).succeeded();
    stage.open(traffic);
    for (String pod : FAULTS.keySet()) {
      sandboxes.put(pod, stage.sandbox(pod));
    }
  }

  @AfterAll
  static void stop() throws Exception {
    if (cluster.isPresent()) {
      api.close();
      leftovers.observe();
      podwire().run("down").succeeded();
      assertThat(leftovers.remaining()).isEmpty();
    }
  }

  private static PodwireCommand podwire() {
    return cluster.orElseThrow();
  }

  private static ClusterProgram program(String name) {
    return new ClusterProgram(podwire().home(), name);
  }

  /** A kill, so long after the round's faults have begun. */
  private record Kill(long afterMillis, String program) {}

  @Test
  void shouldLeaveNoFaultBehindWhateverDies() throws Exception {
    long seed = Long.getLong("podwire.test.seed", new Random().nextLong());
    System.out.println("FaultKillIT: -Dpodwire.test.seed=" + seed);
    Random random = new Random(seed);
    Map<String, Integer> killed = new TreeMap<>();
    int all = 0;
    for (int round = 0; all < KILLS; round++) {
      // In every other round the agents of some Pods live on, and the moment itself can be looked
      // at.
      List<String> victims =
          round % 2 == 0
              ? List.of(CONTROL_PLANE, "second", "node-3")
              : List.of(CONTROL_PLANE, "second", "node-1", "node-2", "node-3");
      List<Kill> kills = new ArrayList<>();
      for (int i = 0; i < HOLDERS; i++) {
        kills.add(new Kill(random.nextLong(ROUND_MILLIS), "holder-" + i));
      }
      while (kills.size() < KILLS_IN_A_ROUND) {
        String victim = victims.get(random.nextInt(victims.size()));
        kills.add(new Kill(random.nextLong(ROUND_MILLIS), victim));
      }
      round(round, random, kills);
      kills.forEach(
          kill -> killed.merge(kill.program().replaceAll("holder-.", "holder"), 1, Integer::sum));
      all += kills.size();
    }
    System.out.println("FaultKillIT: killed " + killed);
  }

  private static void round(int number, Random random, List<Kill> kills) throws Exception {
    awaitPrograms();
    try (SecondControlPlane second = SecondControlPlane.start(podwire(), scratch);
        ExecutorService threads = Executors.newCachedThreadPool()) {
      List<String> pods = new ArrayList<>(FAULTS.keySet());
      Collections.shuffle(pods, random);
      List<Process> holders = new ArrayList<>();
      for (int i = 0; i < HOLDERS; i++) {
        holders.add(hold(pods.get(i), number));
      }
      awaitHeld(number);
      long deadline = 0;
      for (String pod : pods.subList(HOLDERS, pods.size())) {
        long millis = 1000 + random.nextLong(1000);
        apply(
            pod + "-" + number,
            "'selector': {'labelSelectors': {'app': '%s'}}, 'duration': '%dms', %s"
                .formatted(pod, millis, FAULTS.get(pod)));
        deadline = Math.max(deadline, System.currentTimeMillis() + millis);
      }
      if (number % 2 == 0) {
        String action = number % 4 == 0 ? "agent-pause" : "control-plane-cut";
        apply(
            "node-" + number,
            "'selector': {'nodes': ['node-3']}, 'duration': '1s', 'node': {'action': '%s'}"
                .formatted(action));
        deadline = Math.max(deadline, System.currentTimeMillis() + 1000);
      }
      List<Future<Long>> done = new ArrayList<>();
      for (Kill kill : kills) {
        done.add(
            threads.submit(() -> {
              TimeUnit.MILLISECONDS.sleep(kill.afterMillis());
              if (kill.program().startsWith("holder")) {
                Process holder =
                    holders.get(Integer.parseInt(kill.program().substring("holder-".length())));
                holder.descendants().forEach(ProcessHandle::destroyForcibly);
                holder.destroyForcibly().waitFor();
                return System.currentTimeMillis() + 1000;
              }
              if (kill.program().equals("second")) {
                second.kill();
              } else {
                program(kill.program()).kill();
              }
              return 0L;
            }));
      }
      for (Future<Long> each : done) {
        deadline = Math.max(deadline, each.get());
      }
      // The moment is what is asked for: a lease of a second, and a second.
      TimeUnit.MILLISECONDS.sleep(
          Math.max(0, deadline + GRACE_MILLIS - System.currentTimeMillis()));
      Set<String> dead = new HashSet<>();
      kills.forEach(kill -> dead.add(kill.program()));
      checkNothingIsLeft(number, dead, threads);
    }
  }

  /** Agents that nobody has killed are looked at now, all others once they are back. */
  private static void checkNothingIsLeft(int round, Set<String> dead, ExecutorService threads)
      throws Exception {
    for (String name : List.of(CONTROL_PLANE, "node-1", "node-2", "node-3")) {
      assertThat(program(name).isPaused()).as("%s paused in round %d", name, round).isFalse();
    }
    boolean away = dead.contains("node-2");
    List<Future<?>> probes = new ArrayList<>();
    int number = 0;
    for (String pod : FAULTS.keySet()) {
      String node = number++ % 2 == 0 ? "node-1" : "node-3";
      boolean later = away || dead.contains(node);
      probes.add(
          threads.submit(() -> {
            if (later) {
              await()
                  .atMost(PATIENCE)
                  .pollInterval(POLL)
                  .until(() -> program(node).isReady() && program("node-2").isReady());
              await().atMost(PATIENCE).pollInterval(POLL).until(() -> reaches(pod));
            }
            // An agent that has just come back may lose a packet; these faults take all.
            String received = later ? "\\(10\\|[5-9]\\)" : "10";
            assertThat(
                    stage.shell(PROBE.formatted(sandboxes.get(pod), scratch + "/" + pod, received)))
                .as("%s in round %d, when %s had been killed", pod, round, dead)
                .isEqualTo("end\n");
            return null;
          }));
    }
    for (Future<?> probe : probes) {
      probe.get();
    }
    awaitPrograms();
    await()
        .atMost(PATIENCE)
        .pollInterval(POLL)
        .ignoreExceptions()
        .untilAsserted(() -> {
          JsonNode faults = api.get(Resource.NETWORK_FAULT.listPath("nodes")).path("items");
          for (JsonNode fault : faults) {
            assertThat(fault.at("/status/phase").asText()).as("%s", fault).isEqualTo("Ended");
          }
          for (JsonNode fault : faults) {
            api.delete(
                Resource.NETWORK_FAULT.objectPath("nodes", fault.at("/metadata/name").asText()));
          }
        });
  }

  private static boolean reaches(String pod) throws Exception {
    return stage
        .shell("in_pod " + sandboxes.get(pod) + " ping -c 1 -W 1 $WEB_IP")
        .contains("1 received");
  }

  private static void awaitPrograms() {
    await()
        .atMost(PATIENCE)
        .pollInterval(POLL)
        .ignoreExceptions()
        .until(() -> {
          api.get("/api/v1/nodes");
          return List.of(CONTROL_PLANE, "node-1", "node-2", "node-3").stream()
              .allMatch(name -> program(name).isReady());
        });
    await()
        .atMost(PATIENCE)
        .pollInterval(POLL)
        .ignoreExceptions()
        .until(() -> {
          for (JsonNode node : api.get("/api/v1/nodes").path("items")) {
            for (JsonNode condition : node.at("/status/conditions")) {
              if (condition.path("type").asText().equals("Ready")
                  && !condition.path("status").asText().equals("True")) {
                return false;
              }
            }
          }
          return true;
        });
  }

  private static void apply(String name, String fields) {
    String manifest =
        """
        {'apiVersion': 'podwire.io/v1alpha1', 'kind': 'NetworkFault',
         'metadata': {'name': '%s', 'namespace': 'nodes'}, 'spec': {%s}}
        """
            .formatted(name, fields)
            .replace('\'', '"');
    api.post(
        Resource.NETWORK_FAULT.listPath("nodes"),
        manifest.getBytes(StandardCharsets.UTF_8),
        "application/json");
  }

  /** The command that holds a fault by heartbeats, with a lease of a second. */
  private static Process hold(String pod, int round) throws Exception {
    List<String> words = new ArrayList<>(List.of("fault"));
    words.addAll(
        switch (pod) {
          case "delay" -> List.of("delay", "300ms");
          case "loss", "corrupt", "duplicate" -> List.of(pod, "100%");
          case "interface" -> List.of("down");
          case "stream" -> List.of("stream", "down");
          case "names" -> List.of("dns", "nxdomain");
          case "slot" -> List.of("slot", "400ms");
          default -> List.of(pod);
        });
    words.addAll(
        List.of("-n", "nodes", "--pod", pod, "--lease", "1", "--as", "held-" + pod + "-" + round));
    Path out = scratch.resolve("holder.txt");
    return podwire().start(out, out, words.toArray(String[]::new));
  }

  private static void awaitHeld(int round) {
    await()
        .atMost(PATIENCE)
        .pollInterval(POLL)
        .until(() -> {
          int running = 0;
          for (JsonNode fault : api.get(Resource.NETWORK_FAULT.listPath("nodes")).path("items")) {
            if (fault.at("/metadata/name").asText().endsWith("-" + round)
                && !fault.at("/status/phase").asText("Pending").equals("Pending")) {
              running++;
            }
          }
          return running == HOLDERS;
        });
  }
}
