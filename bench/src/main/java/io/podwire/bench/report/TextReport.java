package io.podwire.bench.report;

import io.podwire.bench.measure.Row;
import io.podwire.bench.measure.Series;
import io.podwire.bench.measure.Target;
import io.podwire.bench.measure.Verdict;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** The findings for people: first the values, then the targets one by one. */
public final class TextReport {
  private static final String GAP = "  ";

  private TextReport() {}

  /** Prints all of it. */
  public static void print(Findings findings, MachineFacts machine, PrintWriter out) {
    out.println("Machine: " + String.join(", ", machine.facts().values()));
    if (!findings.peers().isEmpty()) {
      out.println();
      List<List<String>> peers = new ArrayList<>();
      findings.peers().forEach((name, what) -> peers.add(List.of(name, what)));
      table(peers, out);
    }
    List<Row> single = new ArrayList<>(findings.rows());
    List<Row> judged = new ArrayList<>(findings.rows());
    for (Grid grid : findings.grids()) {
      single.removeAll(grid.rows());
      // Ratios without a target stand in the grid.
      judged.removeIf(row ->
          grid.rows().contains(row)
              && row.verdicts().stream().allMatch(verdict -> verdict.target().isEmpty()));
    }
    if (!single.isEmpty()) {
      out.println();
      out.println("Values: median (least-greatest)");
      table(values(single), out);
    }
    for (Grid grid : findings.grids()) {
      out.println();
      out.println(grid.title());
      table(grid.lines(), out);
    }
    if (!judged.isEmpty()) {
      out.println();
      out.println("Ratios and targets: median (least-greatest) of the rounds");
      table(verdicts(judged), out);
    }
    section("Notes:", findings.notes(), out);
    section("Not measured:", findings.missing(), out);
    section("Failed:", findings.failures(), out);
  }

  private static List<List<String>> values(List<Row> rows) {
    List<List<String>> lines = new ArrayList<>();
    lines.add(List.of("WHAT", "UNIT", "PEER", "VALUE"));
    for (Row row : rows) {
      String what = row.what();
      String unit = row.unit();
      for (Series series : row.series()) {
        lines.add(List.of(what, unit, series.peer(), series.samples().text()));
        what = "";
        unit = "";
      }
    }
    return lines;
  }

  private static List<List<String>> verdicts(List<Row> rows) {
    List<List<String>> lines = new ArrayList<>();
    lines.add(List.of("WHAT", "OF", "VALUE", "TARGET", "MET"));
    for (Row row : rows) {
      for (Verdict verdict : row.verdicts()) {
        boolean isRatio = !verdict.against().isEmpty();
        lines.add(
            List.of(
                row.what(),
                isRatio ? verdict.subject() + " / " + verdict.against() : verdict.subject(),
                verdict.values().text() + (isRatio ? "" : " " + row.unit()),
                verdict.target().map(Target::toString).orElse("-"),
                verdict.target().isEmpty() ? "" : verdict.isMet() ? "yes" : "no"));
      }
    }
    return lines;
  }

  private static void section(String title, List<String> lines, PrintWriter out) {
    if (!lines.isEmpty()) {
      out.println();
      out.println(title);
      lines.forEach(line -> out.println(GAP + line));
    }
  }

  /** Columns as wide as their widest cell. */
  private static void table(List<List<String>> lines, PrintWriter out) {
    int columns = lines.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> line : lines) {
      for (int column = 0; column < columns; column++) {
        widths[column] = Math.max(widths[column], line.get(column).length());
      }
    }
    for (List<String> line : lines) {
      StringBuilder text = new StringBuilder();
      for (int column = 0; column < columns; column++) {
        String cell = line.get(column);
        text.append(GAP).append(cell).append(" ".repeat(widths[column] - cell.length()));
      }
      out.println(text.toString().stripTrailing());
    }
  }
}
