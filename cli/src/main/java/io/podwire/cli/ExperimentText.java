package io.podwire.cli;

import io.podwire.cli.experiment.plan.Numbers;
import io.podwire.cli.experiment.run.Check;
import io.podwire.cli.experiment.run.Outcome;
import io.podwire.cli.print.TextTable;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** What people read of an experiment at its end. */
final class ExperimentText {
  private ExperimentText() {}

  static void print(PrintWriter out, Outcome outcome) {
    TextTable table = new TextTable();
    table.add(List.of("VERDICT", "KIND", "EXPECTED", "SEEN"));
    for (Check check : outcome.checks()) {
      table.add(
          List.of(
              check.verdict().name().toLowerCase(Locale.ROOT),
              check.kind(),
              check.name(),
              check.seen()));
    }
    out.print(table.text());
    out.println(
        "experiment "
            + outcome.name()
            + (outcome.passed() ? " passed" : " FAILED")
            + " ("
            + Numbers.plain(outcome.seconds())
            + " s, seed "
            + outcome.seed()
            + ")");
    out.flush();
  }
}
