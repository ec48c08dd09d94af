package io.podwire.cli.fault;

import com.fasterxml.jackson.databind.JsonNode;
import io.podwire.cli.print.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What people read of one fault. */
public final class FaultReport {
  private static final double MILLI = 1e6;

  private FaultReport() {}

  /** One line for each direction of a link, with the packets that are meant. */
  public static String links(JsonNode fault) {
    JsonNode status = fault.path("status");
    TextTable table = new TextTable();
    table.add(List.of("NODE", "LINK", "DIRECTION", "TRAFFIC"));
    for (JsonNode link : status.path("links")) {
      String pod = link.path("pod").asText();
      table.add(
          List.of(
              link.path("node").asText(),
              pod.isEmpty() ? "uplink" : "Pod " + pod,
              link.path("direction").asText(),
              traffic(link)));
    }
    for (JsonNode target : status.path("targets")) {
      table.add(List.of("", target.asText(), "", ""));
    }
    for (JsonNode client : status.path("dnsClients")) {
      table.add(List.of("", "queries of " + client.asText(), "", ""));
    }
    return table.text();
  }

  private static String traffic(JsonNode link) {
    List<String> parts = new ArrayList<>();
    for (String field :
        List.of("protocol", "peers", "excludedPeers", "ports", "localPorts", "peerPorts")) {
      JsonNode value = link.path(field);
      if (value.isArray() && !value.isEmpty()) {
        List<String> items = new ArrayList<>();
        value.forEach(item -> items.add(item.asText()));
        parts.add(field + " " + String.join(",", items));
      } else if (value.isValueNode()) {
        parts.add(field + " " + value.asText());
      }
    }
    return parts.isEmpty() ? "all" : String.join("; ", parts);
  }

  /** One line for each receipt, and the verdict. */
  public static String receipt(JsonNode fault) {
    JsonNode status = fault.path("status");
    TextTable table = new TextTable();
    table.add(
        List.of(
            "LINK",
            "DIRECTION",
            "MATCHED",
            "PASSED",
            "AFFECTED",
            "DELAY(MEAN/P50/P99)",
            "LATENESS(P99)",
            "DECISIONS"));
    for (JsonNode receipt : status.path("receipts")) {
      String error = receipt.path("error").asText();
      table.add(
          List.of(
              receipt.path("link").asText()
                  + (receipt.path("earlier").asBoolean() ? " (earlier)" : ""),
              receipt.path("direction").asText(),
              receipt.path("matched").asText(),
              receipt.path("passed").asText(),
              error.isEmpty() ? affected(receipt) : error,
              millis(receipt, "achievedDelayNanos")
                  + "/"
                  + millis(receipt, "achievedDelay50Nanos")
                  + "/"
                  + millis(receipt, "achievedDelay99Nanos"),
              millis(receipt, "lateness99Nanos"),
              receipt.path("decisionHash").asText()));
    }
    String message = status.path("verdictMessage").asText();
    return table.text()
        + "verdict: "
        + status.path("verdict").asText("none yet")
        + (message.isEmpty() ? "" : " (" + message + ")")
        + "\n";
  }

  private static String affected(JsonNode receipt) {
    List<String> causes = new ArrayList<>();
    for (Map.Entry<String, JsonNode> cause : receipt.path("affected").properties()) {
      causes.add(cause.getKey() + "=" + cause.getValue().asText());
    }
    return causes.isEmpty() ? "<none>" : String.join(",", causes);
  }

  private static String millis(JsonNode receipt, String field) {
    return String.format(Locale.ROOT, "%.2f ms", receipt.path(field).asLong() / MILLI);
  }

  /** Whether the experiment that the fault belongs to has failed. */
  public static boolean failed(JsonNode fault) {
    String verdict = fault.path("status").path("verdict").asText();
    return verdict.equals("no-match")
        || verdict.equals("mismatch")
        || fault.path("status").path("phase").asText().equals("Failed");
  }
}
