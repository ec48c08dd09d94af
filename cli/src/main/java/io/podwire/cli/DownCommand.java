package io.podwire.cli;

import io.podwire.cli.local.ClusterHome;
import io.podwire.cli.local.LocalCluster;
import io.podwire.cli.outcome.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code podwire down}: removes a cluster from this machine. */
@Command(
    name = "down",
    description = "Stop the local cluster and remove everything of it.",
    mixinStandardHelpOptions = true)
final class DownCommand extends Invocation implements Callable<Integer> {
  @Option(names = "--keep-logs", description = "leave the folder of logs")
  boolean keepLogs;

  @Override
  public Integer call() {
    ClusterHome home = podwire().home();
    boolean removed = new LocalCluster(home).remove(keepLogs);
    out().println("Cluster " + home.name() + (removed ? " is gone" : " was not running"));
    if (removed && keepLogs) {
      out().println("Its logs: " + home.logs());
    }
    return ExitCode.OK;
  }
}
