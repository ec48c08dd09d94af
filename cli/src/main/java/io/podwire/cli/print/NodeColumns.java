package io.podwire.cli.print;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A Node's columns. */
final class NodeColumns {
  private static final String ROLE_LABEL = "node-role.kubernetes.io/";

  private NodeColumns() {}

  static List<Column> at(Instant now) {
    return List.of(
        Column.name(),
        Column.of("STATUS", NodeColumns::status),
        Column.of("ROLES", NodeColumns::roles),
        Column.age(now),
        Column.of("VERSION", node -> nodeInfo(node, "kubeletVersion")),
        Column.wide("INTERNAL-IP", node -> Column.orNone(address(node, "InternalIP"))),
        Column.wide("EXTERNAL-IP", node -> Column.orNone(address(node, "ExternalIP"))),
        Column.wide("POD-CIDR", node -> Column.orNone(node.path("spec").path("podCIDR").asText())),
        Column.wide("ATTACH-SOCKET", NodeColumns::attachSocket));
  }

  private static String attachSocket(JsonNode node) {
    return Column.orNone(
        node.path("metadata").path("annotations").path("podwire.io/attach-socket").asText());
  }

  private static String nodeInfo(JsonNode node, String field) {
    return Column.orNone(node.path("status").path("nodeInfo").path(field).asText());
  }

  static String status(JsonNode node) {
    String ready = "NotReady";
    for (JsonNode condition : node.path("status").path("conditions")) {
      if (condition.path("type").asText().equals("Ready")
          && condition.path("status").asText().equals("True")) {
        ready = "Ready";
      }
    }
    boolean cordoned = node.path("spec").path("unschedulable").asBoolean();
    return cordoned ? ready + ",SchedulingDisabled" : ready;
  }

  private static String roles(JsonNode node) {
    List<String> roles = new ArrayList<>();
    node.path("metadata")
        .path("labels")
        .fieldNames()
        .forEachRemaining(label -> {
          if (label.startsWith(ROLE_LABEL)) {
            roles.add(label.substring(ROLE_LABEL.length()));
          }
        });
    return Column.orNone(String.join(",", roles));
  }

  private static String address(JsonNode node, String type) {
    for (JsonNode address : node.path("status").path("addresses")) {
      if (address.path("type").asText().equals(type)) {
        return address.path("address").asText();
      }
    }
    return "";
  }
}
