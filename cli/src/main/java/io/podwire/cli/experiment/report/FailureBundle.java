package io.podwire.cli.experiment.report;

import io.podwire.cli.experiment.measure.Sample;
import io.podwire.cli.experiment.plan.Experiment;
import io.podwire.cli.experiment.plan.ExperimentFile;
import io.podwire.cli.experiment.run.Outcome;
import io.podwire.cli.experiment.run.StepSpan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** What is needed to look into a failure, and to repeat it elsewhere. */
final class FailureBundle {
  private final Path folder;

  /** In that folder, where the packets are already. */
  FailureBundle(Path folder) {
    this.folder = folder;
  }

  void write(Outcome outcome, Experiment experiment, Path file, Path logs) throws IOException {
    Files.createDirectories(folder);
    Files.copy(file, folder.resolve("original.yaml"), StandardCopyOption.REPLACE_EXISTING);
    Files.writeString(folder.resolve("experiment.yaml"), ExperimentFile.alone(file));
    if (experiment.topology().manifests().isPresent()) {
      Files.write(
          folder.resolve(ExperimentFile.MANIFESTS), experiment.topology().manifests().get().body());
    }
    repeat(outcome.seed());
    receipts(outcome.steps());
    Path samples = Files.createDirectories(folder.resolve("samples"));
    for (Map.Entry<String, List<Sample>> each : outcome.samples().entrySet()) {
      Files.write(samples.resolve(each.getKey() + ".csv"), lines(each.getValue()));
    }
    copyLogs(logs, Files.createDirectories(folder.resolve("logs")));
  }

  private void repeat(long seed) throws IOException {
    Path script = folder.resolve("repeat.sh");
    Files.writeString(
        script,
        "#!/bin/sh\nexec \"${PODWIRE:-podwire}\" experiment run --seed "
            + seed
            + " \"$(dirname \"$0\")/experiment.yaml\" \"$@\"\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private void receipts(List<StepSpan> steps) throws IOException {
    Path receipts = Files.createDirectories(folder.resolve("receipts"));
    int number = 0;
    for (StepSpan step : steps) {
      number++;
      if (step.fault() != null) {
        Files.writeString(
            receipts.resolve(number + "-" + step.step() + ".json"),
            step.fault().toPrettyString() + "\n");
      }
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
}
