package io.podwire.cli.experiment.measure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Optional;

/** What {@code agnhost load} prints: a line of JSON for each request. */
public final class LoadLines {
  private static final JsonMapper JSON = new JsonMapper();
  private static final double SECOND = 1e3;

  private LoadLines() {}

  /**
   * One line; empty for any other.
   *
   * @return with the time in seconds since 1970
   */
  public static Optional<Sample> parse(String line) {
    if (!line.startsWith("{")) {
      return Optional.empty();
    }
    try {
      JsonNode node = JSON.readTree(line);
      return node.has("at") && node.has("ms")
          ? Optional.of(
              new Sample(
                  node.path("at").asDouble() / SECOND,
                  node.path("ms").asDouble(),
                  node.path("ok").asBoolean(),
                  node.path("result").asText()))
          : Optional.empty();
    } catch (JsonProcessingException odd) {
      return Optional.empty();
    }
  }
}
