package io.podwire.testkit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a fault says of itself.
 *
 * @param matched packets, connections or queries that it was for
 * @param affected by what was done to them, such as {@code lost}
 * @param verdict confirmed, inconclusive, mismatch or no-match; empty before there is one
 * @param message the tests behind the verdict, with their figures
 * @param decisionHash equal for equal decisions
 */
public record Receipt(
    long matched, Map<String, Long> affected, String verdict, String message, String decisionHash) {

  /** Keeps its own copy. */
  public Receipt {
    affected = Map.copyOf(affected);
  }

  static Receipt of(JsonNode fault) {
    JsonNode status = fault.path("status");
    Map<String, Long> affected = new TreeMap<>();
    status
        .path("affected")
        .properties()
        .forEach(each -> affected.put(each.getKey(), each.getValue().asLong()));
    return new Receipt(
        status.path("matched").asLong(),
        affected,
        status.path("verdict").asText(),
        status.path("verdictMessage").asText(),
        status.path("decisionHash").asText());
  }

  /** How much was affected in this way. */
  public long affected(String how) {
    return affected.getOrDefault(how, 0L);
  }
}
