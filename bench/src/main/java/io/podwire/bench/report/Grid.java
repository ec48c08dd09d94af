package io.podwire.bench.report;

import io.podwire.bench.measure.Row;
import io.podwire.bench.measure.Samples;
import io.podwire.bench.measure.Series;
import io.podwire.bench.measure.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Rows that belong together: one unit, the same series in each, which are named by numbers.
 *
 * @param names of the rows, as many as there are
 */
public record Grid(String title, List<String> names, List<Row> rows) {

  private static final double THOUSAND = 1000;

  /** Keeps its own copies of the lists. */
  public Grid {
    names = List.copyOf(names);
    rows = List.copyOf(rows);
    if (names.isEmpty() || names.size() != rows.size()) {
      throw new IllegalArgumentException(
          names.size() + " names for " + rows.size() + " rows; there must be one for each");
    }
  }

  /** The unit of all values. */
  public String unit() {
    return rows.getFirst().unit();
  }

  /** Lines of cells: the series' names, then the medians of each row and its ratios. */
  List<List<String>> lines() {
    List<List<String>> lines = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of(""));
    rows.getFirst().series().forEach(series -> head.add(count(series.peer())));
    ratios(rows.getFirst())
        .forEach(ratio -> head.add(count(ratio.subject()) + " / " + count(ratio.against())));
    lines.add(head);
    for (int i = 0; i < rows.size(); i++) {
      List<String> line = new ArrayList<>(List.of(names.get(i)));
      for (Series series : rows.get(i).series()) {
        line.add(value(series.samples().median(), unit()));
      }
      ratios(rows.get(i)).forEach(ratio -> line.add(Samples.digits(ratio.values().median())));
      lines.add(line);
    }
    return lines;
  }

  private static String count(String number) {
    return String.format(Locale.ROOT, "%,.0f", Double.parseDouble(number));
  }

  private static List<Verdict> ratios(Row row) {
    return row.verdicts().stream().filter(verdict -> !verdict.against().isEmpty()).toList();
  }

  /** Nanoseconds in the unit in which they are easy to read. */
  static String value(double value, String unit) {
    if (!unit.equals("ns")) {
      return Samples.digits(value);
    }
    double number = value;
    for (String larger : List.of("ns", "µs", "ms")) {
      if (number < THOUSAND) {
        return Samples.digits(number) + " " + larger;
      }
      number /= THOUSAND;
    }
    return Samples.digits(number) + " s";
  }
}
