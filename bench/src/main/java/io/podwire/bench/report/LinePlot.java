package io.podwire.bench.report;

import io.podwire.bench.measure.Row;
import io.podwire.bench.measure.Series;
import java.util.List;
import java.util.Locale;

/** Rows whose series are named by numbers, as lines of one SVG with both axes logarithmic. */
public final class LinePlot {

  private static final int WIDTH = 720;
  private static final int HEIGHT = 380;
  private static final int LEFT = 70;
  private static final int RIGHT = 560;
  private static final int TOP = 40;
  private static final int BOTTOM = 330;
  private static final int LETTERING = 15;

  /** Told apart without colours too: each with dashes of its own. */
  private static final List<String> COLORS =
      List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#555555");

  private static final List<String> DASHES = List.of("none", "8 3", "2 3", "8 3 2 3", "12 4");

  private final StringBuilder svg = new StringBuilder();
  private final double mostX;
  private final double leastX;
  private final double mostY;
  private final double leastY;

  private LinePlot(List<Row> rows) {
    double toX = 1;
    double fromX = Double.MAX_VALUE;
    double toY = 1;
    double fromY = Double.MAX_VALUE;
    for (Row row : rows) {
      for (Series series : row.series()) {
        double x = Double.parseDouble(series.peer());
        double y = Math.max(series.samples().median(), 0.1);
        toX = Math.max(toX, x);
        fromX = Math.min(fromX, x);
        toY = Math.max(toY, y);
        fromY = Math.min(fromY, y);
      }
    }
    mostX = toX;
    leastX = fromX;
    mostY = Math.pow(10, Math.ceil(Math.log10(toY)));
    leastY = Math.pow(10, Math.floor(Math.log10(fromY)));
  }

  /** A picture; at least one row. */
  public static String of(String title, List<Row> rows, List<String> names) {
    return new LinePlot(rows).draw(title, rows, names);
  }

  private String draw(String title, List<Row> rows, List<String> names) {
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\"",
        WIDTH, HEIGHT);
    add(" font-family=\"sans-serif\" font-size=\"12\"><rect width=\"100%%\" height=\"100%%\"");
    add(" fill=\"white\"/>\n<title>%s</title>\n", title);
    add("<text x=\"%d\" y=\"20\" font-size=\"14\">%s</text>\n", LEFT, title);
    for (double y = leastY; y <= mostY * 1.001; y *= 10) {
      line(LEFT, y(y), RIGHT, y(y), "#dddddd");
      add("<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%,.0f</text>\n", LEFT - 6, y(y) + 4, y);
    }
    for (Series series : rows.getFirst().series()) {
      double x = x(Double.parseDouble(series.peer()));
      line(x, TOP, x, BOTTOM, "#dddddd");
      String middle = "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>\n";
      add(middle, x, BOTTOM + 18, series.peer());
    }
    add("<text x=\"%d\" y=\"%d\">Services</text>\n", (LEFT + RIGHT) / 2, BOTTOM + 38);
    for (int i = 0; i < rows.size(); i++) {
      draw(rows.get(i), names.get(i), i);
    }
    return svg.append("</svg>\n").toString();
  }

  private void draw(Row row, String name, int number) {
    String style =
        String.format(
            "fill=\"none\" stroke=\"%s\" stroke-width=\"2\" stroke-dasharray=\"%s\"",
            COLORS.get(number % COLORS.size()), DASHES.get(number % DASHES.size()));
    add("<polyline %s points=\"", style);
    for (Series series : row.series()) {
      double value = Math.max(series.samples().median(), 0.1);
      add("%.1f,%.1f ", x(Double.parseDouble(series.peer())), y(value));
    }
    int legend = TOP + 20 + number * (LETTERING + 7);
    add("\"/>\n<line %s x1=\"%d\" x2=\"%d\"", style, RIGHT + 12, RIGHT + 44);
    add(" y1=\"%d\" y2=\"%d\"/>\n", legend, legend);
    add("<text x=\"%d\" y=\"%d\">%s</text>\n", RIGHT + 50, legend + 4, name);
  }

  private void line(double x1, double y1, double x2, double y2, String color) {
    String line = "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>\n";
    add(line, x1, y1, x2, y2, color);
  }

  private double x(double value) {
    return LEFT + (RIGHT - LEFT) * Math.log(value / leastX) / Math.log(mostX / leastX);
  }

  private double y(double value) {
    return BOTTOM - (BOTTOM - TOP) * Math.log(value / leastY) / Math.log(mostY / leastY);
  }

  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values));
  }
}
