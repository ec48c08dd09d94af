package io.podwire.cli;

import io.podwire.cli.local.StartCaches;
import io.podwire.cli.outcome.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code podwire train}: makes the start caches of a built distribution; for the launcher. */
@Command(
    name = "train",
    hidden = true,
    description = "Run a small cluster once, so that later ones start fast.",
    mixinStandardHelpOptions = true)
final class TrainCommand extends Invocation implements Callable<Integer> {
  @Override
  public Integer call() {
    StartCaches.record(podwire().home(), progress(), System.getenv());
    // The cache of this command is to hold its classes, too.
    Podwire.commandLine().execute("--help");
    Podwire.commandLine().execute("get", "--help");
    return ExitCode.OK;
  }
}
