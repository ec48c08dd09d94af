package io.podwire.testkit.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.podwire.testkit.e2e.PodwireCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * One run of several models side by side: what arrived, and what the receipts say.
 *
 * @param overload why the host may have been too slow for a judgement; empty where it was not
 */
record Trial(Map<Model, Arrivals> arrivals, Map<Model, JsonNode> receipts, List<String> overload) {

  static final int PACKETS = 100_000;

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Agents report twice in this time. */
  private static final Duration REPORT_PERIOD = Duration.ofSeconds(1);

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Half of what a fault may be late: a path that takes longer by itself leaves no room. */
  private static final long MOST_NANOS = 1_500_000;

  private static final int SILENCE_MILLIS = 2000;
  private static final double PACE = 2000;

  /** Lateness is judged where programs need not wait for each other. */
  private static final double TIMED_PACE = 1000;

  private static final int WARM_UP_PACKETS = 60_000;
  private static final double WARM_UP_PACE = 20_000;

  /** A tenth above the rate, in packets of 162 octets with their headers. */
  private static final double SHAPED_PACE = 1.1 * Model.RATE_BITS / 8 / 162;

  /** What is sent in 31 seconds, of which 30 are judged. */
  private static final int SHAPED_PACKETS = (int) (32 * SHAPED_PACE);

  /** Runs these models, whose faults are removed afterwards. */
  static Trial run(
      PodwireCommand podwire, String receiver, Path scratch, String name, Set<Model> judged)
      throws IOException, InterruptedException {
    EnumSet<Model> faults = EnumSet.of(Model.WARM_UP);
    judged.stream().filter(Model::hasFault).forEach(faults::add);
    EnumSet<Model> first = EnumSet.copyOf(faults);
    first.removeIf(Model::mayLookLikeAnother);
    begin(podwire, first, first.size());
    faults.removeAll(first);
    begin(podwire, faults, first.size() + faults.size());
    faults.addAll(first);

    send(podwire, receiver, scratch.resolve(name + "-warm"), EnumSet.of(Model.WARM_UP));
    Path file = scratch.resolve(name);
    List<String> overload = new ArrayList<>(send(podwire, receiver, file, judged));

    Map<Integer, Integer> sentTo = new HashMap<>();
    judged.forEach(model -> sentTo.put(model.port(), count(model)));
    Map<Integer, Arrivals> byPort = ArrivalLog.read(file, sentTo);
    Map<Model, Arrivals> arrivals = new EnumMap<>(Model.class);
    judged.forEach(model -> arrivals.put(model, byPort.get(model.port())));
    Map<Model, JsonNode> receipts = settledReceipts(podwire, faults);
    receipts.remove(Model.WARM_UP);
    overload.addAll(slowness(arrivals, receipts));
    podwire.run("heal").succeeded();
    return new Trial(arrivals, receipts, List.copyOf(overload));
  }

  private static void begin(PodwireCommand podwire, Set<Model> faults, int running)
      throws IOException, InterruptedException {
    podwire.apply(faults.stream().map(Model::manifest).collect(Collectors.joining())).succeeded();
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(statuses(podwire).values())
                .hasSize(running)
                .allMatch(status -> status.path("phase").asText().equals("Running")));
  }

  private static int count(Model model) {
    return model == Model.WARM_UP ? WARM_UP_PACKETS : model.isShaped() ? SHAPED_PACKETS : PACKETS;
  }

  private static double pace(Model model) {
    return switch (model) {
      case WARM_UP -> WARM_UP_PACE;
      case RATE, TOKEN_BUCKET -> SHAPED_PACE;
      default -> model.isTimed() ? TIMED_PACE : PACE;
    };
  }

  /** Sends some streams and returns, when the receiver has written its file, what went badly. */
  private static List<String> send(
      PodwireCommand podwire, String receiver, Path file, Set<Model> models)
      throws IOException, InterruptedException {
    int most = models.stream().mapToInt(Trial::count).sum() * 11 / 10;
    List<String> receive =
        program(
            "receiver",
            NumberedReceiver.class,
            file.toString(),
            Integer.toString(most),
            Integer.toString(SILENCE_MILLIS));
    models.forEach(model -> receive.add(Integer.toString(model.port())));
    Path out = Path.of(file + ".out");
    Path err = Path.of(file + ".err");
    Process receiving = podwire.start(out, err, receive.toArray(String[]::new));
    try {
      await().atMost(PATIENCE).until(() -> Files.exists(Path.of(file + ".ready")));
      List<String> send = program("sender", NumberedSender.class, receiver);
      models.forEach(model ->
          send.add(
              "%d:%d:%f:%d".formatted(model.port(), model.payload(), pace(model), count(model))));
      SenderReport report =
          SenderReport.of(podwire.run(send.toArray(String[]::new)).succeeded().out());
      assertThat(receiving.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(receiving.exitValue()).as("%s", Files.readString(err)).isZero();
      long overflows = Long.parseLong(Files.readString(out).strip().split(" ")[1]);
      return slowness(report, overflows);
    } finally {
      receiving.descendants().forEach(ProcessHandle::destroyForcibly);
      receiving.destroyForcibly();
    }
  }

  private static List<String> program(String pod, Class<?> main, String... arguments) {
    Path classes = Path.of(main.getProtectionDomain().getCodeSource().getLocation().getPath());
    List<String> words = new ArrayList<>(List.of("exec", pod, "--"));
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx64m",
            "-XX:MaxDirectMemorySize=256m"));
    words.addAll(List.of("-cp", classes.toString(), main.getName()));
    words.addAll(List.of(arguments));
    return words;
  }

  private static List<String> slowness(SenderReport report, long overflows) {
    List<String> reasons = new ArrayList<>();
    if (report.interfaceDrops() > 0) {
      reasons.add("the sender's interface lost " + report.interfaceDrops());
    }
    if (overflows > 0) {
      reasons.add("the receiver's sockets lost " + overflows);
    }
    return reasons;
  }

  /** Packets that no fault has lost spoil every count; lateness spoils only what is timed. */
  private static List<String> slowness(
      Map<Model, Arrivals> arrivals, Map<Model, JsonNode> receipts) {
    List<String> reasons = new ArrayList<>();
    arrivals.forEach((model, seen) -> {
      if (!model.hasFault() && seen.count() < seen.sent()) {
        reasons.add("the path without a fault lost " + (seen.sent() - seen.count()));
      }
      if (!model.hasFault() && model.isTimed()) {
        long path99 = Quantiles.of(seen.oneWayNanos()).at(0.99);
        if (path99 > MOST_NANOS) {
          reasons.add("the path without a fault took %.1f ms (p99)".formatted(path99 / 1e6));
        }
      }
    });
    receipts.forEach((model, receipt) -> {
      if (model.isTimed() && receipt.toString().contains("overloaded")) {
        reasons.add("so says the receipt of " + model.fault());
      }
    });
    return reasons;
  }

  private static Map<Model, JsonNode> statuses(PodwireCommand podwire)
      throws IOException, InterruptedException {
    JsonNode list =
        JSON.readTree(podwire.run("get", "networkfaults", "-o", "json").succeeded().out());
    Map<Model, JsonNode> statuses = new EnumMap<>(Model.class);
    for (Model model : Model.values()) {
      for (JsonNode item : list.path("items")) {
        if (item.at("/metadata/name").asText().equals(model.fault())) {
          statuses.put(model, item.path("status"));
        }
      }
    }
    return statuses;
  }

  /** The receipts when nothing is held and nothing changes any more. */
  private static Map<Model, JsonNode> settledReceipts(PodwireCommand podwire, Set<Model> faults)
      throws IOException, InterruptedException {
    List<Map<Model, JsonNode>> seen = new ArrayList<>(List.of(statuses(podwire)));
    await()
        .pollDelay(REPORT_PERIOD)
        .pollInterval(REPORT_PERIOD)
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          seen.add(statuses(podwire));
          Map<Model, JsonNode> last = seen.getLast();
          assertThat(last).containsOnlyKeys(faults).isEqualTo(seen.get(seen.size() - 2));
          assertThat(last.values()).allMatch(status -> status.at("/affected/held").asInt() == 0);
        });
    return seen.getLast();
  }
}
