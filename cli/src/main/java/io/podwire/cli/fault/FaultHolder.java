package io.podwire.cli.fault;

import com.fasterxml.jackson.databind.JsonNode;
import io.podwire.client.api.ApiClient;
import io.podwire.client.api.ApiRefusal;
import io.podwire.client.api.Resource;
import io.podwire.client.failure.ClientFailure;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import sun.misc.Signal;

/**
 * Keeps a fault alive by heartbeats until it is told to stop, then ends it.
 *
 * <p>Used by one thread; {@link #stop} may be called from any.
 */
public final class FaultHolder {
  private static final int BEATS_IN_A_LEASE = 3;
  private static final Duration POLL = Duration.ofMillis(200);

  /** How long the agents' last words may take: they report once a second. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(4);

  private final ApiClient api;
  private final String path;
  private final PrintWriter err;
  private final CountDownLatch stopped = new CountDownLatch(1);

  /** A holder of the NetworkFault of this name. */
  public FaultHolder(ApiClient api, String namespace, String name, PrintWriter err) {
    this.api = api;
    this.path = Resource.NETWORK_FAULT.objectPath(namespace, name);
    this.err = err;
  }

  /** Ends the holding. */
  public void stop() {
    stopped.countDown();
  }

  /** Has Ctrl-C and a termination stop it. */
  public void stopOnSignals() {
    for (String name : new String[] {"INT", "TERM"}) {
      Signal.handle(new Signal(name), signal -> stop());
    }
  }

  /**
   * Renews the heartbeat three times a lease until {@link #stop}, or until the fault is gone.
   *
   * @return whether it was stopped
   */
  public boolean hold(int leaseSeconds) {
    long pause = TimeUnit.SECONDS.toMillis(leaseSeconds) / BEATS_IN_A_LEASE;
    try {
      while (!stopped.await(pause, TimeUnit.MILLISECONDS)) {
        if (!beat()) {
          return false;
        }
      }
      return true;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private boolean beat() {
    try {
      JsonNode fault = api.mergePatch(path, FaultManifest.heartbeat(Instant.now()));
      return !isOver(fault);
    } catch (ApiRefusal refusal) {
      if (refusal.notFound()) {
        return false;
      }
      err.println("podwire: " + refusal.getMessage());
    } catch (ClientFailure unreachable) {
      // The agents end the fault by themselves when this lasts for a lease.
      err.println("podwire: " + unreachable.getMessage());
    }
    err.flush();
    return true;
  }

  /** Waits for the end by the fault's own deadline, or for {@link #stop}. */
  public void awaitEnd() {
    while (stopped.getCount() > 0 && !isOver(api.get(path))) {
      pause();
    }
  }

  /** Ends the fault where it has not ended yet, and returns it with its agents' last words. */
  public JsonNode end() {
    JsonNode fault = api.get(path);
    if (!isOver(fault)) {
      api.mergePatch(path + "/status", FaultManifest.end());
    }
    long deadline = System.nanoTime() + LAST_WORDS.toNanos();
    do {
      pause();
      fault = api.get(path);
    } while (!isComplete(fault) && System.nanoTime() < deadline);
    return fault;
  }

  /** Removes the fault, if it is there. */
  public void remove() {
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
  private static boolean isComplete(JsonNode fault) {
    JsonNode receipts = fault.path("status").path("receipts");
    if (fault.path("status").path("phase").asText().equals("Failed")) {
      return true;
    }
    for (JsonNode receipt : receipts) {
      if (!receipt.path("ended").asBoolean()) {
        return false;
      }
    }
    return !receipts.isEmpty() && fault.path("status").has("endTime");
  }

  private void pause() {
    try {
      Thread.sleep(POLL);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      stop();
    }
  }
}
