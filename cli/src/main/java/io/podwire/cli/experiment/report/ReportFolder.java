package io.podwire.cli.experiment.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cli.experiment.measure.Sample;
import io.podwire.cli.experiment.plan.Experiment;
import io.podwire.cli.experiment.run.Outcome;
import io.podwire.cli.experiment.run.StepSpan;
import io.podwire.cli.outcome.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Writes the reports of one run into a folder; what an earlier run left there is written over. */
public final class ReportFolder {
  private final Path folder;

  /** Reports in that folder, which is made where it is missing. */
  public ReportFolder(Path folder) {
    this.folder = folder;
  }

  /** Writes report.html, report.json and junit.xml. */
  public void write(Outcome outcome) {
    ObjectNode json = JsonReport.of(outcome);
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("report.json"), json.toPrettyString() + "\n");
      Files.writeString(folder.resolve("junit.xml"), JunitReport.of(outcome));
      Files.writeString(folder.resolve("report.html"), HtmlReport.of(outcome, json));
    } catch (IOException failure) {
      throw unwritable(failure);
    }
  }

  /**
   * Writes what is needed to look into a failure and to repeat it.
   *
   * @param file the experiment's file
   * @param logs of the cluster's programs; a folder that does not exist for a cluster elsewhere
   */
  public void writeBundle(Outcome outcome, Experiment experiment, Path file, Path logs) {
    Path bundle = folder.resolve("bundle");
    try {
      Files.createDirectories(bundle.resolve("receipts"));
      Files.createDirectories(bundle.resolve("samples"));
      Files.copy(file, bundle.resolve("experiment.yaml"), StandardCopyOption.REPLACE_EXISTING);
      if (experiment.topology().manifests().isPresent()) {
        Files.write(
            bundle.resolve("manifests.yaml"), experiment.topology().manifests().get().body());
      }
      Files.writeString(
          bundle.resolve("repeat.sh"),
          "podwire experiment run --seed " + outcome.seed() + " '" + file.toAbsolutePath() + "'\n");
      int number = 0;
      for (StepSpan step : outcome.steps()) {
        number++;
        if (step.fault() != null) {
          Path receipt = bundle.resolve("receipts").resolve(step.step() + "-" + number + ".json");
          Files.writeString(receipt, step.fault().toPrettyString() + "\n");
        }
      }
      for (Map.Entry<String, List<Sample>> each : outcome.samples().entrySet()) {
        Path samples = bundle.resolve("samples").resolve(each.getKey() + ".csv");
        Files.write(samples, lines(each.getValue()));
      }
      copyLogs(logs, Files.createDirectories(bundle.resolve("logs")));
    } catch (IOException failure) {
      throw unwritable(failure);
    }
  }

  private static List<String> lines(List<Sample> samples) {
    return Stream.concat(
            Stream.of("seconds,milliseconds,succeeded,result"),
            samples.stream()
                .map(sample ->
                    String.format(
                        Locale.ROOT,
                        "%.3f,%.3f,%b,\"%s\"",
                        sample.time(),
                        sample.millis(),
                        sample.good(),
                        sample.result().replace("\"", "\"\""))))
        .toList();
  }

  private static void copyLogs(Path logs, Path to) throws IOException {
    if (!Files.isDirectory(logs)) {
      return;
    }
    try (Stream<Path> files = Files.list(logs)) {
      for (Path log : files.filter(Files::isRegularFile).toList()) {
        Files.copy(log, to.resolve(log.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private CommandFailure unwritable(IOException failure) {
    return new CommandFailure(
        "--report " + folder + ": cannot be written: " + failure.getMessage(), failure);
  }
}
