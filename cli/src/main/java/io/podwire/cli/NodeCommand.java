package io.podwire.cli;

import io.podwire.cli.local.LocalCluster;
import io.podwire.cli.outcome.CommandFailure;
import io.podwire.cli.outcome.ExitCode;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code podwire node}: what is done to one node of a local cluster. */
@Command(
    name = "node",
    description = "Act on one node of the local cluster.",
    mixinStandardHelpOptions = true)
final class NodeCommand extends Invocation implements Callable<Integer> {
  @Spec private @Nullable CommandSpec nodeSpec;

  @Override
  public Integer call() {
    throw new ParameterException(
        Objects.requireNonNull(nodeSpec).commandLine(), "Missing: restart NAME");
  }

  @Command(
      name = "restart",
      description = "Kill a node's agent (kill -9); returns when its successor serves.",
      mixinStandardHelpOptions = true)
  int restart(
      @Parameters(paramLabel = "NAME", description = "such as node-1") String name,
      @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "60") int timeout) {
    if (podwire().isRemote()) {
      throw new CommandFailure(
          "--server: only a local cluster's nodes can be restarted", ExitCode.USAGE, null);
    }
    long began = System.nanoTime();
    long pid = new LocalCluster(podwire().home()).restartNode(name, Duration.ofSeconds(timeout));
    double seconds = (System.nanoTime() - began) / 1e9;
    out().printf("%s serves again, process %d (%.1f s)%n", name, pid, seconds);
    return ExitCode.OK;
  }
}
