package io.podwire.cli.print;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The columns of all kinds of faults. */
final class FaultColumns {
  private FaultColumns() {}

  static List<Column> at(Instant now) {
    return List.of(
        Column.name(),
        Column.of("KIND", fault -> fault.path("kind").asText()),
        Column.of("PHASE", fault -> fault.path("status").path("phase").asText("Pending")),
        Column.of("TARGETS", FaultColumns::targets),
        Column.of("MATCHED", fault -> fault.path("status").path("matched").asText("0")),
        Column.of("AFFECTED", FaultColumns::affected),
        Column.of("VERDICT", fault -> status(fault, "verdict")),
        Column.age(now),
        Column.wide("DELAY(MEAN/P50/P99)", fault -> achieved(fault, "delay")),
        Column.wide("RATE", fault -> achieved(fault, "rate")),
        Column.wide("LOSS", fault -> achieved(fault, "loss")),
        Column.wide("SEED", fault -> status(fault, "seed")),
        Column.wide("DECISIONS", fault -> status(fault, "decisionHash")),
        Column.wide("DEADLINE", fault -> status(fault, "deadline")));
  }

  /** How many Pods or nodes it acts on. */
  private static String targets(JsonNode fault) {
    JsonNode status = fault.path("status");
    Set<String> targets = new HashSet<>();
    status.path("targets").forEach(target -> targets.add(target.asText()));
    for (JsonNode link : status.path("links")) {
      targets.add(link.path("node").asText() + " " + link.path("pod").asText());
    }
    return Integer.toString(Math.max(targets.size(), status.path("dnsClients").size()));
  }

  /** Such as {@code lost=12,delayed=388}. */
  private static String affected(JsonNode fault) {
    List<String> causes = new ArrayList<>();
    for (Map.Entry<String, JsonNode> cause : fault.path("status").path("affected").properties()) {
      if (cause.getValue().asLong() > 0) {
        causes.add(cause.getKey() + "=" + cause.getValue().asText());
      }
    }
    return Column.orNone(String.join(",", causes));
  }

  private static String status(JsonNode fault, String field) {
    return Column.orNone(fault.path("status").path(field).asText());
  }

  private static String achieved(JsonNode fault, String field) {
    return Column.orNone(fault.path("status").path("achieved").path(field).asText());
  }
}
