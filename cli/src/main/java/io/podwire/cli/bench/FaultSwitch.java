package io.podwire.cli.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.podwire.bench.program.BenchFailure;
import io.podwire.client.api.ApiClient;
import io.podwire.client.api.Resource;
import io.podwire.client.manifest.ManifestFiles;
import io.podwire.client.manifest.ManifestStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** Sets a fault on a benchmark's Pods for as long as something takes. */
final class FaultSwitch {
  static final String NAMESPACE = TwoNodePods.NAMESPACE;

  private static final String NAME = "measured";
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration POLL = Duration.ofMillis(50);

  /** In which agents have reported twice. */
  private static final Duration REPORTED = Duration.ofSeconds(1);

  private final BenchCluster cluster;
  private final ApiClient api;

  FaultSwitch(BenchCluster cluster) {
    this.cluster = cluster;
    this.api = cluster.api();
  }

  static ManifestStream pods() {
    return TwoNodePods.and(TwoNodePods.neighbor("idle"));
  }

  JsonNode pod(String name) {
    return api.get(Resource.POD.objectPath(NAMESPACE, name));
  }

  long agent(String node) {
    return cluster.programs().stream()
        .filter(program -> program.name().equals(node))
        .findFirst()
        .orElseThrow(() -> new BenchFailure("there is no agent " + node))
        .pid();
  }

  /**
   * Runs under a fault.
   *
   * @param spec fields of the spec; empty for none
   * @return the fault's status afterwards; empty where there was none
   */
  JsonNode under(String spec, Runnable measurement) {
    if (spec.isEmpty()) {
      measurement.run();
      return MissingNode.getInstance();
    }
    cluster.apply(
        ManifestFiles.ofText(
            "the benchmark's fault",
            String.format(
                Locale.ROOT,
                "apiVersion: podwire.io/v1alpha1%nkind: NetworkFault%nmetadata: {namespace: %s,"
                    + " name: %s}%nspec: {%s, duration: 10m}%n",
                NAMESPACE,
                NAME,
                spec)));
    try {
      await(status -> status.path("phase").asText().equals("Running"));
      measurement.run();
      LockSupport.parkNanos(REPORTED.toNanos());
      return status();
    } finally {
      api.delete(Resource.NETWORK_FAULT.objectPath(NAMESPACE, NAME));
    }
  }

  /** What a receipt says, in a line. */
  static String summary(JsonNode status) {
    JsonNode receipt = status.path("receipts").path(0);
    return String.format(
        Locale.ROOT,
        "%d packets matched, %s; delay %.2f ms achieved against %.2f requested, p99 %.2f",
        status.path("matched").asLong(),
        status.path("affected"),
        receipt.path("achievedDelayNanos").asLong() / 1e6,
        receipt.path("requestedDelayNanos").asLong() / 1e6,
        receipt.path("achievedDelay99Nanos").asLong() / 1e6);
  }

  private JsonNode status() {
    return api.get(Resource.NETWORK_FAULT.objectPath(NAMESPACE, NAME)).path("status");
  }

  private void await(Predicate<JsonNode> reached) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!reached.test(status())) {
      if (System.nanoTime() > deadline) {
        throw new BenchFailure("the fault does not run: " + status());
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
  }
}
