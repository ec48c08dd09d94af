package io.podwire.cli.fault;

import com.fasterxml.jackson.databind.JsonNode;
import io.podwire.client.api.ApiClient;
import io.podwire.client.api.ApiRefusal;
import io.podwire.client.failure.ClientFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;

/**
 * Keeps a fault alive by heartbeats until it is told to stop, then ends it. A fault may cut the
 * holder off from the control plane: it goes on when it can.
 *
 * <p>Used by one thread; {@link #stop} may be called from any.
 */
public final class FaultHolder {
  private static final int BEATS_IN_A_LEASE = 3;
  private static final Duration POLL = Duration.ofMillis(200);

  /** How long the agents' last words may take: they report once a second. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(4);

  /** How long nobody may answer at the end. */
  private static final Duration SILENCE = Duration.ofSeconds(15);

  private final ApiClient api;
  private final String path;
  private final Consumer<String> complaints;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private String complaint = "";

  /**
   * A holder of a fault.
   *
   * @param path of the object, of any kind of fault
   * @param complaints is told what goes wrong meanwhile
   */
  public FaultHolder(ApiClient api, String path, Consumer<String> complaints) {
    this.api = api;
    this.path = path;
    this.complaints = complaints;
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
    long period = TimeUnit.SECONDS.toNanos(leaseSeconds) / BEATS_IN_A_LEASE;
    long beat = System.nanoTime();
    while (!pause()) {
      boolean due = System.nanoTime() - beat >= period;
      try {
        if (isOver(
            due ? api.mergePatch(path, FaultManifest.heartbeat(Instant.now())) : api.get(path))) {
          return false;
        }
        complaint = "";
        beat = due ? System.nanoTime() : beat;
      } catch (ApiRefusal refusal) {
        if (refusal.notFound()) {
          return false;
        }
        complain(refusal.getMessage());
      } catch (ClientFailure unreachable) {
        // The agents end the fault by themselves when this lasts for a lease.
        complain(unreachable.getMessage());
      }
    }
    return true;
  }

  /** Waits for the end by the fault's own deadline, or for {@link #stop}. */
  public boolean awaitEnd() {
    while (!pause()) {
      try {
        if (isOver(api.get(path))) {
          return true;
        }
        complaint = "";
      } catch (ClientFailure unreachable) {
        complain(unreachable.getMessage());
      }
    }
    return false;
  }

  /** Once for as long as it is the same. */
  private void complain(@Nullable String text) {
    String now = String.valueOf(text);
    if (!now.equals(complaint)) {
      complaint = now;
      complaints.accept(now);
    }
  }

  /** Ends the fault where it has not ended yet, and returns it with its agents' last words. */
  public JsonNode end() {
    long began = System.nanoTime();
    JsonNode fault = null;
    while (true) {
      long waited = System.nanoTime() - began;
      try {
        fault = api.get(path);
        if (!isOver(fault)) {
          api.mergePatch(path + "/status", FaultManifest.end());
        } else if (isComplete(fault) || waited > LAST_WORDS.toNanos()) {
          return fault;
        }
      } catch (ClientFailure unreachable) {
        if (waited > SILENCE.toNanos()) {
          throw unreachable;
        }
      }
      if (waited > SILENCE.toNanos() && fault != null) {
        return fault;
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
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

  /** Whether it is over, and everybody who acted has said that it does not act any more. */
  public static boolean isComplete(JsonNode fault) {
    JsonNode status = fault.path("status");
    String phase = status.path("phase").asText();
    if (phase.equals("Failed")) {
      return true;
    }
    for (JsonNode receipt : status.path("receipts")) {
      // What an agent did that has started again since is over.
      if (!receipt.path("ended").asBoolean() && !receipt.path("earlier").asBoolean()) {
        return false;
      }
    }
    return phase.equals("Ended") && status.has("endTime") && !status.path("receipts").isEmpty();
  }

  /** Waits for a little while; true where it was stopped. */
  private boolean pause() {
    try {
      return stopped.await(POLL.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
