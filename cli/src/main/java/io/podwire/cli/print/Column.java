package io.podwire.cli.print;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.function.Function;

/**
 * One column of a kind's table.
 *
 * @param wide printed by {@code -o wide} only
 * @param cell the text for an object
 */
record Column(String header, boolean wide, Function<JsonNode, String> cell) {

  static Column of(String header, Function<JsonNode, String> cell) {
    return new Column(header, false, cell);
  }

  static Column wide(String header, Function<JsonNode, String> cell) {
    return new Column(header, true, cell);
  }

  static Column name() {
    return of("NAME", object -> object.path("metadata").path("name").asText());
  }

  static Column age(Instant now) {
    return of(
        "AGE",
        object -> Age.since(object.path("metadata").path("creationTimestamp").asText(), now));
  }

  /** The text, or kubectl's word for nothing. */
  static String orNone(String text) {
    return text.isEmpty() ? "<none>" : text;
  }
}
