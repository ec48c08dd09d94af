package io.podwire.cli.fault;

import com.fasterxml.jackson.databind.JsonNode;
import io.podwire.cli.print.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What people read of a fault's decisions: a table for each link and direction. Stateless. */
public final class DecisionTable {
  private static final double MILLI = 1e6;

  private DecisionTable() {}

  /** The answer of the API as text. */
  public static String text(JsonNode decisions) {
    StringBuilder text = new StringBuilder();
    for (JsonNode link : decisions.path("links")) {
      text.append(
          "%s %s %s: %d decisions, hash %s%n"
              .formatted(
                  link.path("node").asText(),
                  link.path("link").asText(),
                  link.path("direction").asText(),
                  link.path("decisions").asLong(),
                  link.path("decisionHash").asText()));
      if (!link.path("last").isEmpty()) {
        TextTable table = new TextTable();
        table.add(List.of("PACKET", "DECISION", "DELAY"));
        link.path("last")
            .forEach(decision ->
                table.add(
                    List.of(decision.path("index").asText(), what(decision), delay(decision))));
        text.append(table.text());
      }
    }
    return text.isEmpty() ? "no decisions about packets\n" : text.toString();
  }

  private static String what(JsonNode decision) {
    List<String> words = new ArrayList<>();
    if (decision.has("lost")) {
      words.add("lost (" + decision.path("lost").asText() + ")");
    }
    for (String word : List.of("marked", "duplicated", "corrupted", "reordered")) {
      if (decision.path(word).asBoolean()) {
        words.add(word);
      }
    }
    return words.isEmpty() ? "passed" : String.join(", ", words);
  }

  private static String delay(JsonNode decision) {
    return decision.has("delayNanos")
        ? String.format(Locale.ROOT, "%.3f ms", decision.path("delayNanos").asLong() / MILLI)
        : "";
  }
}
