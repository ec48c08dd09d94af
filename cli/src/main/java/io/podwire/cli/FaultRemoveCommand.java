package io.podwire.cli;

import io.podwire.cli.outcome.ExitCode;
import io.podwire.client.api.ApiClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code podwire fault rm}: ends and removes faults. */
@Command(
    name = "rm",
    description = "End faults and remove them.",
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class FaultRemoveCommand extends FaultLookup implements Callable<Integer> {
  @Parameters(
      paramLabel = "NAME",
      arity = "1..*",
      description = "such as delay-x7k2p or networkchaos/slow")
  List<String> names = new ArrayList<>();

  @Override
  public Integer call() {
    try (ApiClient api = connect()) {
      for (String name : names) {
        for (Found found : find(api, name)) {
          String bare = name.substring(name.indexOf('/') + 1);
          api.delete(found.kind().objectPath(namespace, bare));
          out().println(found.kind().singular() + "/" + bare + " removed");
        }
      }
    }
    return ExitCode.OK;
  }
}
