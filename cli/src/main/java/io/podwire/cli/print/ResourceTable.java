package io.podwire.cli.print;

import com.fasterxml.jackson.databind.JsonNode;
import io.podwire.client.api.Resource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Objects of one kind as a table with kubectl's columns. */
public final class ResourceTable {
  private final Resource resource;
  private final boolean namespaceColumn;
  private final boolean wide;

  /**
   * A table of the kind.
   *
   * @param namespaceColumn whether the first column is the namespace
   * @param wide whether the further columns are printed
   */
  public ResourceTable(Resource resource, boolean namespaceColumn, boolean wide) {
    this.resource = resource;
    this.namespaceColumn = namespaceColumn && resource.namespaced();
    this.wide = wide;
  }

  /** The header and one line per object. */
  public String text(Iterable<JsonNode> objects, Instant now) {
    return text(objects, now, true);
  }

  /** One line per object, without the header: what a watch prints after the first table. */
  public String rows(Iterable<JsonNode> objects, Instant now) {
    return text(objects, now, false);
  }

  private String text(Iterable<JsonNode> objects, Instant now, boolean header) {
    List<Column> columns = columns(now);
    TextTable table = new TextTable();
    if (header) {
      table.add(columns.stream().map(Column::header).toList());
    }
    for (JsonNode object : objects) {
      table.add(columns.stream().map(column -> column.cell().apply(object)).toList());
    }
    return table.text();
  }

  private List<Column> columns(Instant now) {
    List<Column> columns = new ArrayList<>();
    if (namespaceColumn) {
      columns.add(
          Column.of("NAMESPACE", object -> object.path("metadata").path("namespace").asText()));
    }
    for (Column column : ofKind(now)) {
      if (wide || !column.wide()) {
        columns.add(column);
      }
    }
    return columns;
  }

  private List<Column> ofKind(Instant now) {
    return switch (resource) {
      case POD -> PodColumns.at(now);
      case SERVICE -> ServiceColumns.at(now);
      case NODE -> NodeColumns.at(now);
      case ENDPOINTS -> EndpointsColumns.at(now);
      case ENDPOINT_SLICE -> EndpointSliceColumns.at(now);
      case NETWORK_FAULT, NETWORK_CHAOS, DNS_CHAOS, POD_CHAOS -> FaultColumns.at(now);
      case NAMESPACE ->
          List.of(
              Column.name(),
              Column.of(
                  "STATUS", namespace -> namespace.path("status").path("phase").asText("Active")),
              Column.age(now));
    };
  }
}
