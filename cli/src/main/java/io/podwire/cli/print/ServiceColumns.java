package io.podwire.cli.print;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A Service's columns. */
final class ServiceColumns {
  private ServiceColumns() {}

  static List<Column> at(Instant now) {
    return List.of(
        Column.name(),
        Column.of("TYPE", service -> service.path("spec").path("type").asText("ClusterIP")),
        Column.of(
            "CLUSTER-IP",
            service -> Column.orNone(service.path("spec").path("clusterIP").asText())),
        Column.of("EXTERNAL-IP", ServiceColumns::external),
        Column.of("PORT(S)", ServiceColumns::ports),
        Column.age(now),
        Column.wide("SELECTOR", ServiceColumns::selector));
  }

  private static String external(JsonNode service) {
    JsonNode spec = service.path("spec");
    List<String> addresses = new ArrayList<>();
    if (!spec.path("externalName").asText().isEmpty()) {
      addresses.add(spec.path("externalName").asText());
    }
    for (JsonNode ingress : service.path("status").path("loadBalancer").path("ingress")) {
      addresses.add(ingress.path("ip").asText(ingress.path("hostname").asText()));
    }
    for (JsonNode address : spec.path("externalIPs")) {
      addresses.add(address.asText());
    }
    if (addresses.isEmpty() && spec.path("type").asText().equals("LoadBalancer")) {
      return "<pending>";
    }
    return Column.orNone(String.join(",", addresses));
  }

  private static String ports(JsonNode service) {
    List<String> ports = new ArrayList<>();
    for (JsonNode port : service.path("spec").path("ports")) {
      int nodePort = port.path("nodePort").asInt();
      ports.add(
          port.path("port").asInt()
              + (nodePort == 0 ? "" : ":" + nodePort)
              + "/"
              + port.path("protocol").asText("TCP"));
    }
    return Column.orNone(String.join(",", ports));
  }

  private static String selector(JsonNode service) {
    List<String> pairs = new ArrayList<>();
    service
        .path("spec")
        .path("selector")
        .properties()
        .forEach(pair -> pairs.add(pair.getKey() + "=" + pair.getValue().asText()));
    return Column.orNone(String.join(",", pairs));
  }
}
