package io.podwire.testkit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Says what is not Ready, why, and what the agents concerned have logged last. */
record Unready(ClusterPrograms programs, int expected, List<JsonNode> nodes, List<JsonNode> pods) {

  private static final int LOG_LINES = 8;

  String text() {
    StringBuilder text = new StringBuilder();
    Set<String> agents = new LinkedHashSet<>();
    Set<String> registered = new LinkedHashSet<>();
    nodes.forEach(node -> registered.add(node.at("/metadata/name").asText()));
    for (int number = 1; number <= expected; number++) {
      String name = "node-" + number;
      if (!registered.contains(name)) {
        agents.add(name);
        text.append("\n  Node ").append(name).append(": its agent has not registered it");
      }
    }
    for (JsonNode node : nodes) {
      if (!Readiness.of(node)) {
        agents.add(node.at("/metadata/name").asText());
        text.append("\n  Node ").append(node.at("/metadata/name").asText());
        text.append(": ").append(Readiness.reason(node));
      }
    }
    for (JsonNode pod : pods) {
      if (!Readiness.settled(pod)) {
        agents.add(pod.at("/spec/nodeName").asText());
        text.append("\n  Pod ").append(ObjectKey.of(pod).text());
        text.append(": ").append(Readiness.reason(pod));
        String remark = programs.remark(ObjectKey.of(pod).text());
        text.append(remark.isEmpty() ? "" : "; " + remark);
      }
    }
    for (String agent : agents) {
      List<String> lines = programs.logTail(agent, LOG_LINES);
      if (!lines.isEmpty()) {
        text.append("\n  the end of the log of ").append(agent).append(":\n    ");
        text.append(String.join("\n    ", lines));
      }
    }
    return text.isEmpty() ? "by now everything is Ready" : text.toString();
  }
}
