package io.podwire.cli.print;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The columns of Endpoints; long lists are cut as kubectl cuts them. */
final class EndpointsColumns {
  private static final int MOST_SHOWN = 3;

  private EndpointsColumns() {}

  static List<Column> at(Instant now) {
    return List.of(
        Column.name(), Column.of("ENDPOINTS", EndpointsColumns::endpoints), Column.age(now));
  }

  private static String endpoints(JsonNode object) {
    List<String> all = new ArrayList<>();
    for (JsonNode subset : object.path("subsets")) {
      for (JsonNode address : subset.path("addresses")) {
        String ip = address.path("ip").asText();
        String shown = ip.contains(":") ? "[" + ip + "]" : ip;
        if (subset.path("ports").isEmpty()) {
          all.add(ip);
        }
        subset.path("ports").forEach(port -> all.add(shown + ":" + port.path("port").asInt()));
      }
    }
    if (all.size() <= MOST_SHOWN) {
      return Column.orNone(String.join(",", all));
    }
    return String.join(",", all.subList(0, MOST_SHOWN))
        + " + "
        + (all.size() - MOST_SHOWN)
        + " more...";
  }
}
