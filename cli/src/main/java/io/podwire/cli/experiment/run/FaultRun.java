package io.podwire.cli.experiment.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cli.experiment.plan.Action;
import io.podwire.cli.experiment.plan.Experiment;
import io.podwire.cli.experiment.plan.Step;
import io.podwire.cli.fault.FaultHolder;
import io.podwire.cli.fault.FaultManifest;
import io.podwire.client.api.ApiClient;
import io.podwire.client.api.Resource;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.SplittableRandom;

/**
 * One fault of an experiment, from its creation to its receipt.
 *
 * <p>A fault without a duration is held by a heartbeat: it ends by itself soon after this process.
 */
final class FaultRun {
  private static final int LEASE_SECONDS = 10;
  private static final int LONGEST_NAME = 63;

  private final ApiClient api;
  private final Action.Fault action;
  private final ObjectNode manifest;
  private final FaultHolder holder;

  /**
   * The fault of a step.
   *
   * @param time the how manieth time, from 1
   */
  FaultRun(
      ApiClient api,
      Experiment experiment,
      Step step,
      Action.Fault action,
      int time,
      Timeline timeline) {
    this.api = api;
    this.action = action;
    this.manifest = action.manifest().deepCopy();
    String suffix = time == 1 ? "" : "-" + time;
    String prefix = experiment.name() + "-" + step.name();
    String name =
        prefix.substring(0, Math.min(LONGEST_NAME - suffix.length(), prefix.length())) + suffix;
    ObjectNode metadata = manifest.withObject("/metadata");
    metadata.put("name", name);
    ObjectNode spec = manifest.withObject("/spec");
    if (action.kind() == Resource.NETWORK_FAULT) {
      if (!spec.has("seed")) {
        spec.put("seed", seed(experiment.seed(), step.name() + "#" + time));
      }
      if (isLeased()) {
        spec.putObject("lease").put("seconds", LEASE_SECONDS);
      }
    }
    String path =
        action
            .kind()
            .objectPath(metadata.path("namespace").asText(), metadata.path("name").asText());
    this.holder =
        new FaultHolder(
            api, path, complaint -> timeline.tell("step " + step.name() + ": " + complaint));
  }

  private boolean isLeased() {
    return action.held() && action.kind() == Resource.NETWORK_FAULT;
  }

  /** Another one for each fault, the same in each run. */
  static long seed(long seed, String fault) {
    return new SplittableRandom(seed * 31 + fault.hashCode()).nextLong() >>> 1;
  }

  /** The fault as it would be, without making it. */
  JsonNode dryRun() {
    return create("?dryRun=All");
  }

  /** Makes it, waits for its end or for {@link #stop}, and returns it with its receipts. */
  JsonNode run() {
    holder.remove();
    create("");
    if (isLeased()) {
      holder.hold(LEASE_SECONDS);
    } else {
      holder.awaitEnd();
    }
    return holder.end();
  }

  /** Has it end soon. From any thread. */
  void stop() {
    holder.stop();
  }

  /** Removes it, where it is there. */
  void remove() {
    holder.remove();
  }

  private JsonNode create(String query) {
    if (isLeased()) {
      manifest
          .withObject("/metadata/annotations")
          .put(
              FaultManifest.HEARTBEAT, Instant.ofEpochMilli(System.currentTimeMillis()).toString());
    }
    return api.post(
        action.kind().listPath(manifest.at("/metadata/namespace").asText()) + query,
        manifest.toString().getBytes(StandardCharsets.UTF_8),
        "application/json");
  }
}
