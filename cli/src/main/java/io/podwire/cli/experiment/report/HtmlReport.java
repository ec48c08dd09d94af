package io.podwire.cli.experiment.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cli.experiment.plan.Numbers;
import io.podwire.cli.experiment.run.Check;
import io.podwire.cli.experiment.run.Outcome;
import io.podwire.cli.experiment.run.StepSpan;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** The report for people: one page that needs nothing else, no network either. */
final class HtmlReport {
  private static final double MILLI = 1e6;

  private final Markup page = new Markup();
  private final Outcome outcome;
  private final ObjectNode json;

  private HtmlReport(Outcome outcome, ObjectNode json) {
    this.outcome = outcome;
    this.json = json;
  }

  /** The page; the JSON report is within it, for whoever reads it by a program. */
  static String of(Outcome outcome, ObjectNode json) {
    return new HtmlReport(outcome, json).write();
  }

  private String write() {
    page.raw("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
        .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
        .raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';")
        .raw(" style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n<title>")
        .text(outcome.name() + (outcome.passed() ? " passed" : " failed"))
        .raw("</title>\n<style>\n")
        .raw(resource("report.css"))
        .raw("</style></head><body>\n");
    header();
    page.raw("<section><h2>Timeline</h2>\n<div class=\"legend\"><span class=\"k50\">median</span>")
        .raw("<span class=\"k99\">p99</span><span class=\"kdot\">a request</span>")
        .raw("<span class=\"kerr\">share of requests that failed</span></div>\n")
        .raw("<div id=\"plot\">")
        .raw(TimelinePicture.of(outcome))
        .raw("<div id=\"tip\" hidden></div></div></section>\n");
    checks();
    receipts();
    events();
    page.raw("<script type=\"application/json\" id=\"report\">")
        // Within a script element nothing but its end is markup (HTML, section 4.12.1.3).
        .raw(json.toString().replace("<", "\\u003c"))
        .raw("</script>\n<script>\n")
        .raw(resource("report.js"))
        .raw("</script>\n</body></html>\n");
    return page.toString();
  }

  private void header() {
    long failed = count(Check.Verdict.FAILED);
    long open = count(Check.Verdict.INCONCLUSIVE);
    String tally =
        count(Check.Verdict.PASSED)
            + " of "
            + outcome.checks().size()
            + " checks passed"
            + (failed > 0 ? ", " + failed + " failed" : "")
            + (open > 0 ? ", " + open + " inconclusive" : "");
    page.format(
            "<header><div class=\"verdict %s\">%s</div><div><h1>",
            outcome.passed() ? "passed" : "failed", outcome.passed() ? "passed" : "failed")
        .text(outcome.name())
        .raw("</h1><p>")
        .text(
            tally
                + " · "
                + Numbers.plain(outcome.seconds())
                + " s · seed "
                + outcome.seed()
                + " · "
                + outcome.place()
                + " · "
                + outcome.began().toString().replaceFirst("\\.\\d+Z$", "Z"))
        .raw("</p></div></header>\n");
  }

  private long count(Check.Verdict verdict) {
    return outcome.checks().stream().filter(check -> check.verdict() == verdict).count();
  }

  private void checks() {
    page.raw("<section><h2>Checks</h2>\n<table class=\"checks\"><thead><tr><th></th><th>kind</th>")
        .raw("<th>expected</th><th>seen</th></tr></thead><tbody>\n");
    for (Check check : outcome.checks()) {
      String verdict = check.verdict().name().toLowerCase(Locale.ROOT);
      page.format("<tr class=\"%s\"><td><span class=\"mark\">%s</span></td><td>", verdict, verdict)
          .text(check.kind())
          .raw("</td><td>")
          .text(check.name())
          .raw("</td><td>")
          .text(check.seen())
          .raw("</td></tr>\n");
    }
    page.raw("</tbody></table></section>\n");
  }

  private void receipts() {
    List<StepSpan> faults = outcome.steps().stream().filter(step -> step.fault() != null).toList();
    if (faults.isEmpty()) {
      return;
    }
    page.raw("<section><h2>Receipts</h2>\n");
    for (StepSpan step : faults) {
      JsonNode status = Objects.requireNonNull(step.fault()).path("status");
      page.raw("<h3>")
          .text(step.step())
          .raw(" <small>")
          .text(step.what())
          .raw("</small></h3>\n<p>");
      page.text(
              String.format(
                  Locale.ROOT,
                  "From %.1f s to %.1f s. Verdict: %s. %s",
                  step.span().from(),
                  step.span().to(),
                  status.path("verdict").asText("none"),
                  status.path("verdictMessage").asText()))
          .raw("</p>\n<table><thead><tr><th>link</th><th>direction</th><th>matched</th>")
          .raw("<th>passed</th><th>affected</th><th>delay: mean</th><th>p50</th><th>p99</th>")
          .raw("<th>decisions</th></tr></thead><tbody>\n");
      for (JsonNode receipt : status.path("receipts")) {
        receipt(receipt);
      }
      page.raw("</tbody></table>\n");
    }
    page.raw("</section>\n");
  }

  private void receipt(JsonNode receipt) {
    List<String> affected = new ArrayList<>();
    for (Map.Entry<String, JsonNode> cause : receipt.path("affected").properties()) {
      affected.add(cause.getKey() + " " + cause.getValue().asText());
    }
    String error = receipt.path("error").asText();
    page.raw("<tr>");
    for (String cell :
        List.of(
            receipt.path("link").asText(),
            receipt.path("direction").asText(),
            receipt.path("matched").asText(),
            receipt.path("passed").asText(),
            error.isEmpty() ? String.join(", ", affected) : error,
            millis(receipt, "achievedDelayNanos"),
            millis(receipt, "achievedDelay50Nanos"),
            millis(receipt, "achievedDelay99Nanos"),
            receipt.path("decisionHash").asText())) {
      page.raw("<td>").text(cell).raw("</td>");
    }
    page.raw("</tr>\n");
  }

  private static String millis(JsonNode receipt, String field) {
    long nanos = receipt.path(field).asLong();
    return nanos == 0 ? "" : Numbers.millis(nanos / MILLI);
  }

  private void events() {
    page.raw("<section><h2>Events</h2>\n<table><tbody>\n");
    for (Outcome.Event event : outcome.events()) {
      page.format("<tr><td class=\"time\">%.1f s</td><td>", event.time())
          .text(event.text())
          .raw("</td></tr>\n");
    }
    page.raw("</tbody></table></section>\n");
  }

  private static String resource(String name) {
    try (InputStream stream =
        Objects.requireNonNull(HtmlReport.class.getResourceAsStream(name), name)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
