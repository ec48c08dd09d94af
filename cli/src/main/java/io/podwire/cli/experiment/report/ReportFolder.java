package io.podwire.cli.experiment.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cli.experiment.plan.Experiment;
import io.podwire.cli.experiment.run.Outcome;
import io.podwire.cli.outcome.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Writes the reports of one run into a folder; what an earlier run left there is written over. */
public final class ReportFolder {
  private final Path folder;

  /** Reports in that folder, which is made where it is missing. */
  public ReportFolder(Path folder) {
    this.folder = folder;
  }

  /** Where packets are kept while the experiment runs. */
  public Path packets() {
    return bundle().resolve("packets");
  }

  private Path bundle() {
    return folder.resolve("bundle");
  }

  /** Takes away what an earlier run left: a bundle would tell of another failure. */
  public void prepare() {
    try {
      Files.createDirectories(folder);
      removeBundle();
    } catch (IOException failure) {
      throw unwritable(failure);
    }
  }

  private void removeBundle() throws IOException {
    if (Files.isDirectory(bundle())) {
      try (Stream<Path> all = Files.walk(bundle())) {
        for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }
  }

  /**
   * Writes report.html, report.json and junit.xml, and the bundle where something has failed.
   *
   * @param file the experiment's file
   * @param logs of the cluster's programs; a folder that does not exist for a cluster elsewhere
   */
  public void write(Outcome outcome, Experiment experiment, Path file, Path logs) {
    ObjectNode json = JsonReport.of(outcome);
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("report.json"), json.toPrettyString() + "\n");
      Files.writeString(folder.resolve("junit.xml"), JunitReport.of(outcome));
      Files.writeString(folder.resolve("report.html"), HtmlReport.of(outcome, json));
      if (outcome.passed()) {
        removeBundle();
      } else {
        new FailureBundle(bundle()).write(outcome, experiment, file, logs);
      }
    } catch (IOException failure) {
      throw unwritable(failure);
    }
  }

  private CommandFailure unwritable(IOException failure) {
    return new CommandFailure(
        "--report " + folder + ": cannot be written: " + failure.getMessage(), failure);
  }
}
