package io.podwire.bench.report;

import io.podwire.bench.measure.Row;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What has been found out so far. Not thread-safe. */
public final class Findings {
  private final List<Row> rows = new ArrayList<>();
  private final List<Grid> grids = new ArrayList<>();
  private final Map<String, String> peers = new LinkedHashMap<>();
  private final List<String> missing = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  /** Something was measured. */
  public void add(Row row) {
    rows.add(row);
  }

  /** Rows were measured that are read best side by side. */
  public void add(Grid grid) {
    grids.add(grid);
    rows.addAll(grid.rows());
  }

  /** A peer takes part, set up like this. */
  public void peer(String name, String description) {
    peers.put(name, description);
  }

  /** A peer or a whole topic is left out, because something is not there. */
  public void missing(String what) {
    if (!missing.contains(what)) {
      missing.add(what);
    }
  }

  /** Something that is there could not be measured. */
  public void failure(String what) {
    failures.add(what);
  }

  /** What a reader has to know about the numbers. */
  public void note(String what) {
    if (!notes.contains(what)) {
      notes.add(what);
    }
  }

  /** What is read best side by side; their rows are among {@link #rows} too. */
  public List<Grid> grids() {
    return List.copyOf(grids);
  }

  /** The rows in the order they were measured. */
  public List<Row> rows() {
    return List.copyOf(rows);
  }

  /** The peers that took part and how each was set up. */
  public Map<String, String> peers() {
    return new LinkedHashMap<>(peers);
  }

  /** What was left out. */
  public List<String> missing() {
    return List.copyOf(missing);
  }

  /** What went wrong. */
  public List<String> failures() {
    return List.copyOf(failures);
  }

  /** What a reader has to know. */
  public List<String> notes() {
    return List.copyOf(notes);
  }
}
