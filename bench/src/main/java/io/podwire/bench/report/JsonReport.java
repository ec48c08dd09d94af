package io.podwire.bench.report;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.bench.measure.Row;
import io.podwire.bench.measure.Samples;
import io.podwire.bench.measure.Series;
import io.podwire.bench.measure.Verdict;
import java.util.List;
import java.util.Map;

/** The findings as JSON, with every single value. */
public final class JsonReport {
  private static final JsonMapper JSON = new JsonMapper();

  private JsonReport() {}

  /** The whole report. */
  public static String write(
      Findings findings, MachineFacts machine, Map<String, String> plan, String began) {
    ObjectNode root = JSON.createObjectNode();
    root.put("began", began);
    put(root.putObject("plan"), plan);
    put(root.putObject("machine"), machine.facts());
    put(root.putObject("versions"), machine.versions());
    put(root.putObject("peers"), findings.peers());
    add(root.putArray("missing"), findings.missing());
    add(root.putArray("failures"), findings.failures());
    add(root.putArray("notes"), findings.notes());
    ArrayNode rows = root.putArray("rows");
    findings.rows().forEach(row -> write(row, rows.addObject()));
    return root.toPrettyString() + "\n";
  }

  private static void write(Row row, ObjectNode json) {
    json.put("id", row.id()).put("what", row.what()).put("unit", row.unit());
    ArrayNode series = json.putArray("series");
    for (Series each : row.series()) {
      write(each.samples(), series.addObject().put("peer", each.peer()));
    }
    ArrayNode verdicts = json.putArray("verdicts");
    for (Verdict verdict : row.verdicts()) {
      ObjectNode one = verdicts.addObject().put("subject", verdict.subject());
      one.put("against", verdict.against());
      write(verdict.values(), one);
      verdict
          .target()
          .ifPresent(target -> one.put("target", target.toString()).put("met", verdict.isMet()));
    }
  }

  private static void write(Samples samples, ObjectNode json) {
    json.put("median", samples.median()).put("min", samples.min()).put("max", samples.max());
    samples.values().forEach(json.putArray("values")::add);
  }

  private static void put(ObjectNode json, Map<String, String> entries) {
    entries.forEach(json::put);
  }

  private static void add(ArrayNode json, List<String> entries) {
    entries.forEach(json::add);
  }
}
