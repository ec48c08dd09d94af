package io.podwire.cli.experiment.report;

import io.podwire.cli.experiment.measure.Sample;
import io.podwire.cli.experiment.measure.Series;
import io.podwire.cli.experiment.measure.Summary;
import io.podwire.cli.experiment.plan.Numbers;
import io.podwire.cli.experiment.run.Outcome;
import io.podwire.cli.experiment.run.StepSpan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The timeline as one SVG: the steps as bars on top, below them the latency and the errors of each
 * workload, and every step's span as a band through all of it.
 */
final class TimelinePicture {
  private static final int WIDTH = 1120;
  private static final int LEFT = 76;
  private static final int RIGHT = WIDTH - 16;
  private static final int LANE = 24;
  private static final int TITLE = 34;
  private static final int PLOT = 130;
  private static final int ERRORS = 38;
  private static final int GAP = 12;
  private static final int AXIS = 34;
  private static final int COLORS = 5;
  private static final int MOST_DOTS = 4000;
  private static final int LONGEST_LABEL = 110;
  // Of the letters of a label, at most.
  private static final double LETTER = 6.6;

  private final Markup svg = new Markup();
  private final Outcome outcome;
  private final Scale time;
  private final List<String> names = new ArrayList<>();

  private TimelinePicture(Outcome outcome) {
    this.outcome = outcome;
    this.time = new Scale(0, Math.max(outcome.seconds(), 0.1), LEFT, RIGHT, false);
    for (StepSpan step : outcome.steps()) {
      if (!names.contains(step.step())) {
        names.add(step.step());
      }
    }
  }

  static String of(Outcome outcome) {
    return new TimelinePicture(outcome).draw();
  }

  private String draw() {
    int top = 8;
    int plots = top + names.size() * LANE + (names.isEmpty() ? 0 : 6);
    int each = TITLE + PLOT + ERRORS + GAP;
    int bottom = plots + outcome.samples().size() * each;
    svg.format(
        "<svg id=\"timeline\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Timeline\""
            + " data-left=\"%d\" data-right=\"%d\" data-seconds=\"%.3f\">\n",
        WIDTH, bottom + AXIS, LEFT, RIGHT, outcome.seconds());
    bands(top, bottom);
    lanes(top);
    int y = plots;
    for (Map.Entry<String, List<Sample>> workload : outcome.samples().entrySet()) {
      workload(workload.getKey(), workload.getValue(), y);
      y += each;
    }
    axis(plots, bottom);
    svg.format("<line id=\"cursor\" class=\"cursor\" y1=\"%d\" y2=\"%d\"/>\n", top, bottom);
    return svg.raw("</svg>\n").toString();
  }

  private int color(StepSpan step) {
    return names.indexOf(step.step()) % COLORS;
  }

  private void bands(int top, int bottom) {
    for (StepSpan step : outcome.steps()) {
      svg.format(
          "<rect class=\"band c%d\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>\n",
          color(step), from(step), top, width(step), bottom - top);
    }
  }

  private double from(StepSpan step) {
    return time.at(step.span().from());
  }

  private double width(StepSpan step) {
    return Math.max(1.5, time.at(step.span().to()) - from(step));
  }

  private void lanes(int top) {
    for (StepSpan step : outcome.steps()) {
      int y = top + names.indexOf(step.step()) * LANE;
      svg.format(
          "<g class=\"step\"><rect class=\"bar c%d\" x=\"%.1f\" y=\"%d\" width=\"%.1f\""
              + " height=\"%d\" rx=\"3\"><title>",
          color(step), from(step), y + 2, width(step), LANE - 4);
      svg.text(step.step() + ": " + step.what()).raw("</title></rect>");
      String whole = step.step() + "  " + step.what();
      String label =
          whole.length() > LONGEST_LABEL ? whole.substring(0, LONGEST_LABEL) + "…" : whole;
      // A label that would leave the picture on the right ends where the picture does.
      boolean late = from(step) + 6 + label.length() * LETTER > WIDTH;
      svg.format(
          "<text class=\"label\" x=\"%.1f\" y=\"%d\"%s>",
          late ? RIGHT - 4.0 : from(step) + 6, y + 16, late ? " text-anchor=\"end\"" : "");
      svg.text(label).raw("</text></g>\n");
    }
  }

  private void workload(String name, List<Sample> samples, int top) {
    Summary all = Summary.of(samples);
    Series series = Series.of(samples, outcome.seconds());
    svg.format("<text class=\"title\" x=\"%d\" y=\"%d\">", LEFT, top + 22).text(name);
    int plotTop = top + TITLE;
    int plotEnd = plotTop + PLOT;
    double greatest = all.quantile(1);
    Scale latency = Scale.latencies(all.quantile(0), all.quantile(0.5), greatest, plotEnd, plotTop);
    svg.raw("<tspan class=\"note\" dx=\"10\">")
        .text(
            "latency"
                + (latency.logarithmic() ? " (powers of ten), " : ", ")
                + outcome.descriptions().getOrDefault(name, ""))
        .raw("</tspan></text>\n");
    if (Double.isNaN(greatest)) {
      svg.format(
          "<text class=\"note\" x=\"%d\" y=\"%d\">no request succeeded</text>\n",
          LEFT + 8, plotTop + PLOT / 2);
    } else {
      grid(latency);
      dots(samples, latency);
      line("p99", series, latency, 0.99);
      line("p50", series, latency, 0.5);
    }
    errors(series, plotEnd + 12);
  }

  private void grid(Scale latency) {
    for (double tick : latency.ticks(4)) {
      double y = latency.at(tick);
      svg.format(
          "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>"
              + "<text class=\"tick\" x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n",
          LEFT, RIGHT, y, y, LEFT - 8, y + 4, Numbers.millis(tick));
    }
  }

  private void dots(List<Sample> samples, Scale latency) {
    int stride = Math.max(1, (int) Math.ceil(samples.size() / (double) MOST_DOTS));
    svg.raw("<path class=\"dots\" d=\"");
    for (int i = 0; i < samples.size(); i += stride) {
      Sample sample = samples.get(i);
      if (sample.good()) {
        svg.format("M%.1f %.1fh0", time.at(sample.time()), latency.at(sample.millis()));
      }
    }
    svg.raw("\"/>\n");
  }

  private void line(String kind, Series series, Scale latency, double quantile) {
    svg.format("<path class=\"%s\" d=\"", kind);
    boolean drawing = false;
    for (int i = 0; i < series.windows().size(); i++) {
      double value = series.windows().get(i).quantile(quantile);
      if (Double.isNaN(value)) {
        drawing = false;
        continue;
      }
      double x = time.at(Math.min(outcome.seconds(), (i + 0.5) * series.width()));
      svg.format("%s%.1f %.1f", drawing ? "L" : "M", x, latency.at(value));
      drawing = true;
    }
    svg.raw("\"/>\n");
  }

  private void errors(Series series, int top) {
    int height = ERRORS - 12;
    svg.format(
        "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>"
            + "<text class=\"tick failed\" x=\"%d\" y=\"%d\" text-anchor=\"end\">100 %%</text>"
            + "<text class=\"tick failed\" x=\"%d\" y=\"%d\" text-anchor=\"end\">0 %%</text>\n",
        LEFT, RIGHT, top + height, top + height, LEFT - 8, top + 7, LEFT - 8, top + height + 3);
    for (int i = 0; i < series.windows().size(); i++) {
      Summary window = series.windows().get(i);
      if (window.errors() > 0) {
        double x = time.at(i * series.width());
        double end = time.at(Math.min(outcome.seconds(), (i + 1) * series.width()));
        double bar = Math.max(1.5, window.errorRate() * height);
        svg.format(
            "<rect class=\"error\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>\n",
            x, top + height - bar, Math.max(1, end - x - 0.5), bar);
      }
    }
  }

  private void axis(int top, int bottom) {
    for (double tick : time.ticks(12)) {
      double x = time.at(tick);
      svg.format(
          "<line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>"
              + "<text class=\"tick\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s s</text>\n",
          x, x, top, bottom, x, bottom + 20, Numbers.plain(tick));
    }
  }
}
