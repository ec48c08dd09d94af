package io.podwire.bench.comparison;

import io.podwire.bench.program.Workbench;
import io.podwire.bench.report.Findings;

/** What the chapters of one benchmark share. */
public record Session(BenchPlan plan, Workbench bench, Findings findings, BenchProgress progress) {

  /** Reports that something could not be measured, and why. */
  void failed(String what, RuntimeException failure) {
    // Where everything is being removed, whatever fails does so for that reason.
    if (!bench.isClosed()) {
      String why = failure.getMessage();
      findings.failure(what + ": " + (why == null ? failure.toString() : why));
    }
  }
}
