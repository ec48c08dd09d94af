package io.podwire.testkit.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.client.api.ApiAddress;
import io.podwire.client.api.ApiClient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;

/** A cluster of four nodes, and the stages in it on which faults are tried side by side. */
final class FaultStages implements AutoCloseable {

  private static final int PAIRS = 5;

  private final PodwireCommand podwire;
  private final Leftovers leftovers;
  private final ApiClient api;
  private final Map<String, BlockingQueue<FaultStage>> free = new ConcurrentHashMap<>();

  private FaultStages(PodwireCommand podwire, Leftovers leftovers, ApiClient api) {
    this.podwire = podwire;
    this.leftovers = leftovers;
    this.api = api;
  }

  static FaultStages start(Path scratch) throws IOException, InterruptedException {
    PodwireCommand podwire = new PodwireCommand(scratch);
    Leftovers leftovers = new Leftovers(podwire.home());
    Path traffic = copyPrograms(scratch);
    ApiClient api =
        new ApiClient(new ApiAddress.Unix(podwire.home().resolve("clusters/podwire/api.sock")));
    List<FaultStage> pairs = new ArrayList<>();
    for (int i = 1; i <= PAIRS; i++) {
      List<String> nodes = List.of("node-1", "node-2", "node-1");
      pairs.add(new FaultStage("pair-" + i, nodes, false, podwire.home(), scratch, api));
    }
    FaultStage nodes =
        new FaultStage(
            "nodes", List.of("node-3", "node-4", "node-1"), false, podwire.home(), scratch, api);
    FaultStage members =
        new FaultStage(
            "members", List.of("node-1", "node-2", "node-1"), true, podwire.home(), scratch, api);
    List<FaultStage> all = new ArrayList<>(pairs);
    all.add(nodes);
    all.add(members);
    Path manifest =
        Files.writeString(
            scratch.resolve("stages.yaml"),
            all.stream()
                .map(stage -> stage.manifest(traffic))
                .collect(Collectors.joining("---\n")));
    Path hosts =
        Files.writeString(
            scratch.resolve("hosts"), "192.0.2.6 six.example\n2001:db8::6 six.example\n");
    podwire
        .run("up", "--nodes", "4", "--hosts", hosts.toString(), "-f", manifest.toString())
        .succeeded();
    for (FaultStage stage : all) {
      stage.open(traffic);
      stage.awaitHealth();
    }
    FaultStages stages = new FaultStages(podwire, leftovers, api);
    stages.free.put("pair", new LinkedBlockingQueue<>(pairs));
    stages.free.put("nodes", new LinkedBlockingQueue<>(List.of(nodes)));
    stages.free.put("everything", new LinkedBlockingQueue<>(List.of(members)));
    stages.free.put("members", stages.free.get("everything"));
    return stages;
  }

  /** Puts what the stages run where Pods find it, and returns the program of the web Pods. */
  static Path copyPrograms(Path folder) throws IOException {
    for (String file : List.of("stage.sh", "traffic.py")) {
      try (InputStream text = Objects.requireNonNull(FaultStages.class.getResourceAsStream(file))) {
        Files.copy(text, folder.resolve(file));
      }
    }
    return folder.resolve("traffic.py");
  }

  PodwireCommand podwire() {
    return podwire;
  }

  ApiClient api() {
    return api;
  }

  /** Waits for a stage of a kind that nobody is on. */
  FaultStage take(String kind) throws InterruptedException {
    return Objects.requireNonNull(free.get(kind), kind).take();
  }

  void giveBack(String kind, FaultStage stage) {
    Objects.requireNonNull(free.get(kind), kind).add(stage);
  }

  @Override
  public void close() throws IOException, InterruptedException {
    api.close();
    leftovers.observe();
    podwire.run("down").succeeded();
    assertThat(leftovers.remaining()).isEmpty();
  }
}
