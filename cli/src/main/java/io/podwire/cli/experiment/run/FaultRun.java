package io.podwire.cli.experiment.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cli.api.ApiClient;
import io.podwire.cli.api.ApiRefusal;
import io.podwire.cli.api.Resource;
import io.podwire.cli.experiment.plan.Action;
import io.podwire.cli.experiment.plan.Experiment;
import io.podwire.cli.experiment.plan.Step;
import io.podwire.cli.fault.FaultManifest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One fault of an experiment, from its creation to its receipt.
 *
 * <p>A fault without a duration is held by a heartbeat: it ends by itself soon after this process.
 */
final class FaultRun {
  private static final int LEASE_SECONDS = 10;
  private static final int LONGEST_NAME = 63;
  private static final Duration BEAT = Duration.ofSeconds(3);
  private static final Duration POLL = Duration.ofMillis(200);
  // Agents report once a second.
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  private final ApiClient api;
  private final Action.Fault action;
  private final ObjectNode manifest;
  private final String path;

  /**
   * The fault of a step.
   *
   * @param time the how manieth time, from 1
   */
  FaultRun(ApiClient api, Experiment experiment, Step step, Action.Fault action, int time) {
    this.api = api;
    this.action = action;
    this.manifest = action.manifest().deepCopy();
    String name = experiment.name() + "-" + step.name() + (time == 1 ? "" : "-" + time);
    ObjectNode metadata = manifest.withObject("/metadata");
    metadata.put("name", name.substring(0, Math.min(LONGEST_NAME, name.length())));
    ObjectNode spec = manifest.withObject("/spec");
    if (action.kind() == Resource.NETWORK_FAULT) {
      if (!spec.has("seed")) {
        spec.put("seed", seed(experiment.seed(), step.name() + "#" + time));
      }
      if (isLeased()) {
        spec.putObject("lease").put("seconds", LEASE_SECONDS);
      }
    }
    this.path =
        action
            .kind()
            .objectPath(
                metadata.path("namespace").asText(), metadata.path("name").asText());
  }

  private boolean isLeased() {
    return action.held() && action.kind() == Resource.NETWORK_FAULT;
  }

  /** Another one for each fault, the same in each run. */
  static long seed(long seed, String fault) {
    return new SplittableRandom(seed * 31 + fault.hashCode()).nextLong() >>> 1;
  }

  /** What would refuse it, without making it. */
  void dryRun() {
    create("?dryRun=All");
  }

  /** Makes it, waits for its end or brings it about, and returns it with its receipts. */
  JsonNode run(CountDownLatch stopping) {
    remove();
    create("");
    long beat = System.nanoTime();
    JsonNode fault = api.get(path);
    while (!isOver(fault) && !await(stopping, POLL)) {
      if (isLeased() && System.nanoTime() - beat > BEAT.toNanos()) {
        beat = System.nanoTime();
        api.mergePatch(path, FaultManifest.heartbeat(Instant.now()));
      }
      fault = api.get(path);
    }
    if (!isOver(fault)) {
      api.mergePatch(path + "/status", FaultManifest.end());
    }
    long deadline = System.nanoTime() + LAST_WORDS.toNanos();
    CountDownLatch never = new CountDownLatch(1);
    do {
      await(never, POLL);
      fault = api.get(path);
    } while (!isComplete(fault) && System.nanoTime() < deadline);
    return fault;
  }

  private void create(String query) {
    if (isLeased()) {
      manifest
          .withObject("/metadata/annotations")
          .put(FaultManifest.HEARTBEAT, Instant.ofEpochMilli(System.currentTimeMillis()).toString());
    }
    api.post(
        action.kind().listPath(manifest.at("/metadata/namespace").asText()) + query,
        manifest.toString().getBytes(StandardCharsets.UTF_8),
        "application/json");
  }

  /** Removes it, where it is there. */
  void remove() {
    try {
      api.delete(path);
    } catch (ApiRefusal refusal) {
      if (!refusal.notFound()) {
        throw refusal;
      }
    }
  }

  private static boolean isOver(JsonNode fault) {
    String phase = fault.path("status").path("phase").asText();
    return phase.equals("Ended") || phase.equals("Failed");
  }

  /** Whether everybody who acted has said that it does not act any more. */
  static boolean isComplete(JsonNode fault) {
    JsonNode status = fault.path("status");
    if (status.path("phase").asText().equals("Failed")) {
      return true;
    }
    for (JsonNode receipt : status.path("receipts")) {
      if (!receipt.path("ended").asBoolean() && !receipt.path("earlier").asBoolean()) {
        return false;
      }
    }
    return !status.path("receipts").isEmpty() && status.has("endTime");
  }

  private static boolean await(CountDownLatch latch, Duration duration) {
    try {
      return latch.await(duration.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
