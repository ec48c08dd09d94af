package io.podwire.cli.print;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** An EndpointSlice's columns; long lists are cut as kubectl cuts them. */
final class EndpointSliceColumns {
  private static final int MOST_SHOWN = 3;

  private EndpointSliceColumns() {}

  static List<Column> at(Instant now) {
    return List.of(
        Column.name(),
        Column.of("ADDRESSTYPE", slice -> slice.path("addressType").asText()),
        Column.of("PORTS", EndpointSliceColumns::ports),
        Column.of("ENDPOINTS", EndpointSliceColumns::endpoints),
        Column.age(now));
  }

  private static String ports(JsonNode slice) {
    List<String> ports = new ArrayList<>();
    for (JsonNode port : slice.path("ports")) {
      ports.add(port.has("port") ? port.path("port").asText() : "*");
    }
    return cut(ports);
  }

  private static String endpoints(JsonNode slice) {
    List<String> addresses = new ArrayList<>();
    for (JsonNode endpoint : slice.path("endpoints")) {
      for (JsonNode address : endpoint.path("addresses")) {
        addresses.add(address.asText());
      }
    }
    return cut(addresses);
  }

  private static String cut(List<String> all) {
    if (all.isEmpty()) {
      return "<unset>";
    }
    if (all.size() <= MOST_SHOWN) {
      return String.join(",", all);
    }
    return String.join(",", all.subList(0, MOST_SHOWN))
        + " + "
        + (all.size() - MOST_SHOWN)
        + " more...";
  }
}
