package io.podwire.cli.demo;

import java.util.List;

/** One step of the demonstration. */
interface DemoStep {
  /** What it shows, in one line. */
  String title(DemoWorld world);

  /** Does it; each tool that is there gives a check of its own. */
  List<Check> run(DemoWorld world);
}
