package io.podwire.cli;

import io.podwire.cli.experiment.plan.Experiment;
import io.podwire.cli.experiment.plan.ExperimentFile;
import io.podwire.cli.experiment.report.ReportFolder;
import io.podwire.cli.experiment.run.Outcome;
import io.podwire.cli.outcome.ExitCode;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code podwire experiment}: load, faults at their times, and what has to be true meanwhile. */
@Command(
    name = "experiment",
    description = "Run experiments that files describe, and report what came of them.",
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class ExperimentCommand extends Invocation implements Callable<Integer> {
  @Spec private @Nullable CommandSpec experimentSpec;

  @Override
  public Integer call() {
    throw new ParameterException(
        Objects.requireNonNull(experimentSpec).commandLine(), "Missing: run FILE, or check FILE");
  }

  @Command(
      name = "check",
      description = "Only read a file, and tell everything that is wrong with it.",
      mixinStandardHelpOptions = true)
  int check(@Parameters(paramLabel = "FILE") Path file) {
    Experiment experiment = ExperimentFile.read(file);
    out()
        .println(
            "experiment "
                + experiment.name()
                + ": "
                + experiment.workloads().size()
                + " workloads, "
                + experiment.steps().size()
                + " steps, "
                + experiment.assertions().size()
                + " assertions");
    return ExitCode.OK;
  }

  @Command(
      name = "run",
      description = {
        "Run an experiment. With spec.topology.nodes it starts a cluster of its own and removes"
            + " it;",
        "otherwise, or with --name or --server, it runs on a cluster that is there."
      },
      sortOptions = false,
      mixinStandardHelpOptions = true,
      exitCodeListHeading = "Exit codes:%n",
      exitCodeList = {
        "0:passed",
        "1:failed",
        "2:the file, or the command line, is wrong",
        "130, 143:interrupted; the faults were ended, and the report is there"
      })
  int run(
      @Parameters(paramLabel = "FILE") Path file,
      @Option(
              names = "--report",
              paramLabel = "DIR",
              description =
                  "write report.html, report.json, junit.xml; after a failure also bundle/")
          @Nullable Path report,
      @Option(names = "--seed", paramLabel = "N", description = "in place of the file's")
          @Nullable Long seed,
      @Option(names = "--keep", description = "leave the cluster, or what was applied, as it is")
          boolean keep) {
    Experiment read = ExperimentFile.read(file);
    Experiment experiment = seed == null ? read : read.withSeed(seed);
    Interruption interruption = new Interruption();
    ExperimentPlace place =
        ExperimentPlace.of(podwire(), experiment, keep, progress(), interruption);
    Optional<ReportFolder> folder = Optional.ofNullable(report).map(ReportFolder::new);
    folder.ifPresent(ReportFolder::prepare);
    Outcome outcome =
        place.run(
            folder.map(ReportFolder::packets),
            result -> folder.ifPresent(to -> to.write(result, experiment, file, place.logs())));
    ExperimentText.print(out(), outcome);
    if (report != null) {
      out().println("report: " + report.resolve("report.html"));
    }
    if (interruption.exitCode().isPresent()) {
      return interruption.exitCode().getAsInt();
    }
    return outcome.passed() ? ExitCode.OK : ExitCode.FAILED;
  }
}
