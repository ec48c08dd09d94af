package io.podwire.testkit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.client.api.ApiRefusal;
import io.podwire.client.api.Resource;
import java.time.Duration;
import java.util.Optional;

/**
 * A fault that acts until it is closed, or until its deadline. Closing it ends and removes it, and
 * fails the test where its receipt says that it did not do what was asked for.
 *
 * <p>Used by one thread.
 */
public final class Fault implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(15);

  /** How long is waited for an agent that may stand still, or be cut off by this very fault. */
  private static final Duration FIRST_WORDS = Duration.ofSeconds(2);

  /** How long the agents' last words may take: they report twice a second. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  /** What {@link #close} asks of the receipt. */
  public enum Check {
    /** It matched something, and no figure is wrong; too few packets for a test are no failure. */
    NOT_WRONG,
    /** Every statistical test was passed. */
    CONFIRMED,
    /** Nothing. */
    NOTHING
  }

  private final Cluster cluster;
  private final Resource kind;
  private final ObjectKey key;
  private Check check = Check.NOT_WRONG;
  private boolean closed;

  Fault(Cluster cluster, Resource kind, ObjectKey key) {
    this.cluster = cluster;
    this.kind = kind;
    this.key = key;
  }

  /** Waits until all links that it is for have it. */
  Fault awaitActing() {
    Optional<JsonNode> acting =
        Polling.until(
            START,
            () -> {
              JsonNode fault = object();
              String phase = phase(fault);
              if (phase.equals("Failed")) {
                throw new ClusterFailure(
                    this
                        + " failed: "
                        + fault.at("/status/message").asText(fault.path("status").toString()));
              }
              return phase.equals("Running") || phase.equals("Ended")
                  ? Optional.of(fault)
                  : Optional.empty();
            });
    if (acting.isEmpty()) {
      throw new ClusterFailure(
          this + " does not act after " + START.toSeconds() + " s: " + object().path("status"));
    }
    // Running is what the control plane has decided; an agent's first report says that it acts.
    Polling.holds(FIRST_WORDS, () -> isReportedOfAllLinks(object()));
    return this;
  }

  private static boolean isReportedOfAllLinks(JsonNode fault) {
    return !phase(fault).equals("Running")
        || fault.at("/status/receipts").size() >= fault.at("/status/links").size();
  }

  /** Asks more, or less, of the receipt than {@link Check#NOT_WRONG}. */
  public Fault check(Check asked) {
    check = asked;
    return this;
  }

  /** The fault's own name; with the namespace before it where that is not {@code default}. */
  public String name() {
    return key.text();
  }

  /** The object as JSON. */
  public JsonNode object() {
    return cluster.object(kind, key);
  }

  /** What it says of itself so far; agents report twice a second. */
  public Receipt receipt() {
    return Receipt.of(object());
  }

  /** Waits until it has affected so much in this way, such as {@code lost}. */
  public Receipt awaitAffected(String how, long count) {
    return Polling.until(
            START, () -> Optional.of(receipt()).filter(each -> each.affected(how) >= count))
        .orElseThrow(() ->
            new AssertionError(
                this
                    + ": "
                    + how
                    + " less than "
                    + count
                    + " after "
                    + START.toSeconds()
                    + " s: "
                    + receipt()));
  }

  /**
   * Ends it, reads its receipt, and removes it.
   *
   * @throws AssertionError where the receipt is not what is asked of it
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    JsonNode last = end();
    remove();
    cluster.faultEnded(last);
    judge(last);
  }

  private JsonNode end() {
    String path = kind.objectPath(key.namespace(), key.name());
    JsonNode fault = cluster.api().get(path);
    if (!isOver(fault)) {
      ObjectNode patch = JsonNodeFactory.instance.objectNode();
      patch.putObject("status").put("phase", "Ended");
      cluster.api().mergePatch(path + "/status", patch.toString());
    }
    return Polling.until(
            LAST_WORDS, () -> Optional.of(cluster.api().get(path)).filter(Fault::isComplete))
        .orElseGet(() -> cluster.api().get(path));
  }

  /** Removes it without a question; it may be gone already. */
  void remove() {
    try {
      cluster.api().delete(kind.objectPath(key.namespace(), key.name()));
    } catch (ApiRefusal refusal) {
      if (!refusal.notFound()) {
        throw refusal;
      }
    }
  }

  private void judge(JsonNode fault) {
    Receipt receipt = Receipt.of(fault);
    if (check == Check.NOTHING) {
      return;
    }
    String why = receipt.message().isEmpty() ? "" : ": " + receipt.message();
    if (phase(fault).equals("Failed")) {
      throw new AssertionError(this + " failed" + why);
    }
    switch (receipt.verdict()) {
      case "confirmed" -> {}
      case "no-match" -> throw new AssertionError(this + " matched nothing" + why);
      case "mismatch" -> throw new AssertionError(this + " did not do what was asked for" + why);
      default -> {
        if (check == Check.CONFIRMED) {
          throw new AssertionError(this + " is not confirmed but inconclusive" + why);
        }
      }
    }
  }

  private static String phase(JsonNode fault) {
    return fault.at("/status/phase").asText();
  }

  private static boolean isOver(JsonNode fault) {
    return phase(fault).equals("Ended") || phase(fault).equals("Failed");
  }

  /** Whether everybody who acted has said that it does not act any more. */
  private static boolean isComplete(JsonNode fault) {
    if (phase(fault).equals("Failed")) {
      return true;
    }
    JsonNode receipts = fault.at("/status/receipts");
    for (JsonNode receipt : receipts) {
      if (!receipt.path("ended").asBoolean()) {
        return false;
      }
    }
    return !receipts.isEmpty()
        && fault.path("status").has("endTime")
        && fault.path("status").has("verdict");
  }

  @Override
  public String toString() {
    return kind.kind() + " " + name();
  }
}
