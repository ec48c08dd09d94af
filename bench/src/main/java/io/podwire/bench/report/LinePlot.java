package io.podwire.bench.report;

import io.podwire.bench.measure.Row;
import io.podwire.bench.measure.Series;
import java.util.List;
import java.util.Locale;

/** Grids as panels of one SVG, a line for each row, with both axes logarithmic. */
public final class LinePlot {

  private static final int COLUMNS = 2;
  private static final int PANEL_WIDTH = 430;
  private static final int PANEL_HEIGHT = 290;
  private static final int HEAD = 70;
  private static final int LEFT = 64;
  private static final int RIGHT = 30;
  private static final int TOP = 34;
  private static final int BOTTOM = 52;
  private static final int KEY_WIDTH = 130;

  /** Values below that count as that: there is no zero on a logarithmic axis. */
  private static final double LEAST = 0.1;

  /** Told apart without colours too: each with dashes and a width of its own. */
  private static final List<String> COLORS =
      List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#555555");

  private static final List<String> DASHES = List.of("none", "none", "9 4", "3 3", "1 5");
  private static final List<Integer> WIDTHS = List.of(2, 6, 4, 3, 2);

  private final StringBuilder svg = new StringBuilder();

  private LinePlot() {}

  /** A picture; at least one grid. */
  public static String of(String title, List<Grid> grids) {
    return new LinePlot().draw(title, grids);
  }

  private String draw(String title, List<Grid> grids) {
    int lines = (grids.size() + COLUMNS - 1) / COLUMNS;
    int width = COLUMNS * PANEL_WIDTH;
    int height = HEAD + lines * PANEL_HEIGHT;
    add("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\"", width, height);
    add(" width=\"%d\" height=\"%d\" role=\"img\"", width, height);
    add(" font-family=\"sans-serif\" font-size=\"12\">\n<title>%s</title>\n", title);
    add("<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n");
    text(width / 2.0, 24, "middle", " font-size=\"16\"", title);
    List<String> names = grids.getFirst().names();
    for (int i = 0; i < names.size(); i++) {
      double x = (width - names.size() * KEY_WIDTH) / 2.0 + i * KEY_WIDTH;
      add("<line x1=\"%.1f\" x2=\"%.1f\" y1=\"48\" y2=\"48\" %s/>\n", x, x + 36, style(i));
      text(x + 44, 52, "start", "", names.get(i));
    }
    for (int i = 0; i < grids.size(); i++) {
      Panel panel = new Panel(grids.get(i));
      panel.left = i % COLUMNS * PANEL_WIDTH + LEFT;
      panel.top = HEAD + i / COLUMNS * PANEL_HEIGHT + TOP;
      panel.draw();
    }
    return svg.append("</svg>\n").toString();
  }

  private static String style(int number) {
    return String.format(
        "fill=\"none\" stroke=\"%s\" stroke-width=\"%d\" stroke-dasharray=\"%s\"",
        COLORS.get(number % COLORS.size()),
        WIDTHS.get(number % WIDTHS.size()),
        DASHES.get(number % DASHES.size()));
  }

  private void text(double x, double y, String anchor, String more, String words) {
    String form = "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\"%s>%s</text>\n";
    add(form, x, y, anchor, more, words);
  }

  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values));
  }

  /** One grid's axes and lines. */
  private final class Panel {
    private final Grid grid;
    private final int width = PANEL_WIDTH - LEFT - RIGHT;
    private final int height = PANEL_HEIGHT - TOP - BOTTOM;
    private int left;
    private int top;
    private double leastX = Double.MAX_VALUE;
    private double mostX;
    private double leastY = Double.MAX_VALUE;
    private double mostY;

    Panel(Grid grid) {
      this.grid = grid;
      for (Row row : grid.rows()) {
        for (Series series : row.series()) {
          double x = Double.parseDouble(series.peer());
          double y = Math.max(series.samples().median(), LEAST);
          leastX = Math.min(leastX, x);
          mostX = Math.max(mostX, x);
          leastY = Math.min(leastY, y);
          mostY = Math.max(mostY, y);
        }
      }
      leastY = Math.pow(10, Math.floor(Math.log10(leastY)));
      mostY = Math.max(leastY * 10, Math.pow(10, Math.ceil(Math.log10(mostY))));
    }

    void draw() {
      int right = left + width;
      int bottom = top + height;
      text(left + width / 2.0, top - 12, "middle", " font-size=\"13\"", grid.title());
      for (double value = leastY; value <= mostY * 1.001; value *= 10) {
        line(left, y(value), right, y(value));
        text(left - 6, y(value) + 4, "end", "", label(value));
      }
      for (Series series : grid.rows().getFirst().series()) {
        double at = Double.parseDouble(series.peer());
        line(x(at), top, x(at), bottom);
        text(x(at), bottom + 18, "middle", "", String.format(Locale.ROOT, "%,.0f", at));
      }
      text(left + width / 2.0, bottom + 36, "middle", "", "Services");
      for (int i = 0; i < grid.rows().size(); i++) {
        add("<polyline %s points=\"", style(i));
        for (Series series : grid.rows().get(i).series()) {
          double value = Math.max(series.samples().median(), LEAST);
          add("%.1f,%.1f ", x(Double.parseDouble(series.peer())), y(value));
        }
        add("\"/>\n");
      }
    }

    /** A power of ten, without digits behind it. */
    private String label(double value) {
      return Grid.value(value, grid.unit()).replaceAll("\\.0+(?= |$)", "");
    }

    private void line(double x1, double y1, double x2, double y2) {
      add("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"", x1, y1, x2, y2);
      add(" stroke=\"#dddddd\"/>\n");
    }

    private double x(double value) {
      return left + width * part(value, leastX, mostX);
    }

    private double y(double value) {
      return top + height - height * part(value, leastY, mostY);
    }

    private double part(double value, double least, double most) {
      return most > least ? Math.log(value / least) / Math.log(most / least) : 0.5;
    }
  }
}
