package io.podwire.bench.comparison;

import io.podwire.bench.program.Workbench;
import io.podwire.bench.report.Findings;

/** What the chapters of one benchmark share. */
public record Session(BenchPlan plan, Workbench bench, Findings findings, BenchProgress progress) {}
