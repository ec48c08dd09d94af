package io.podwire.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.podwire.cli.outcome.CommandFailure;
import io.podwire.client.api.ApiClient;
import io.podwire.client.api.Resource;
import io.podwire.client.api.Watch;
import io.podwire.client.failure.ClientFailure;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Waits, change by change, until a list is as it should be. */
public final class PodWait {
  private final ApiClient api;
  private final Duration patience;

  /** Waits through the API, each time no longer than the patience. */
  public PodWait(ApiClient api, Duration patience) {
    this.api = api;
    this.patience = patience;
  }

  /** Until every Pod of the namespace is Ready. */
  public void untilPodsReady(String namespace) {
    until(
        Resource.POD.listPath(namespace),
        items -> !items.isEmpty() && all(items, PodWait::isReady),
        "the Pods of namespace " + namespace + " are not Ready: podwire get pods -n " + namespace);
  }

  /** Until a Service has that many ready endpoints. */
  public void untilEndpoints(String namespace, String service, int count) {
    String selector = Resource.encode("kubernetes.io/service-name=" + service);
    JsonNode families =
        api.get(Resource.SERVICE.objectPath(namespace, service)).at("/spec/ipFamilies");
    // Each family has slices of its own, with an entry for every Pod.
    int entries = count * Math.max(1, families.size());
    until(
        Resource.ENDPOINT_SLICE.listPath(namespace) + "?labelSelector=" + selector,
        items -> readyEndpoints(items) == entries,
        "Service " + namespace + "/" + service + " does not have " + count + " ready endpoints");
  }

  private void until(String path, Predicate<JsonNode> condition, String missing) {
    long deadline = System.nanoTime() + patience.toNanos();
    try (ScheduledExecutorService clock =
        Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory())) {
      while (true) {
        JsonNode list = api.get(path);
        if (condition.test(list.path("items"))) {
          clock.shutdownNow();
          return;
        }
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          clock.shutdownNow();
          throw new CommandFailure(missing + " after " + patience.toSeconds() + " s");
        }
        awaitChange(path, list.path("metadata").path("resourceVersion").asText(), clock, left);
      }
    }
  }

  private void awaitChange(
      String path, String revision, ScheduledExecutorService clock, long nanos) {
    try (Watch watch = Watch.open(api, path, revision)) {
      clock.schedule(watch::close, nanos, TimeUnit.NANOSECONDS);
      Optional<Watch.Event> event = watch.next();
      while (event.isPresent() && event.get().type().equals("BOOKMARK")) {
        event = watch.next();
      }
    } catch (ClientFailure closed) {
      // The clock's doing, or a watch that the server ended: the list decides.
    }
  }

  private static int readyEndpoints(JsonNode slices) {
    int ready = 0;
    for (JsonNode slice : slices) {
      for (JsonNode endpoint : slice.path("endpoints")) {
        ready += endpoint.path("conditions").path("ready").asBoolean(true) ? 1 : 0;
      }
    }
    return ready;
  }

  private static boolean isReady(JsonNode pod) {
    for (JsonNode condition : pod.path("status").path("conditions")) {
      if (condition.path("type").asText().equals("Ready")) {
        return condition.path("status").asText().equals("True");
      }
    }
    return false;
  }

  private static boolean all(JsonNode items, Predicate<JsonNode> condition) {
    for (JsonNode item : items) {
      if (!condition.test(item)) {
        return false;
      }
    }
    return true;
  }
}
