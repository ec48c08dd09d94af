package io.podwire.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.podwire.cli.fault.DecisionTable;
import io.podwire.cli.outcome.CommandFailure;
import io.podwire.cli.outcome.ExitCode;
import io.podwire.cli.print.ManifestText;
import io.podwire.cli.print.OutputFormat;
import io.podwire.client.api.ApiClient;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code podwire fault decisions}: what a fault has decided of single packets. */
@Command(
    name = "decisions",
    description = "Print a fault's last decisions on each link, and the hash over all of them.",
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class FaultDecisionsCommand extends FaultLookup implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", description = "such as delay-x7k2p or networkchaos/slow")
  String name = "";

  @Option(
      names = "--last",
      paramLabel = "N",
      defaultValue = "20",
      description =
          "of each link and direction, 1024 at most; 0 for the hashes alone"
              + " (default: ${DEFAULT-VALUE})")
  int last;

  @Option(
      names = {"-o", "--output"},
      defaultValue = "table",
      description = "table, json or yaml (default: ${DEFAULT-VALUE})")
  OutputFormat format = OutputFormat.table;

  @Override
  public Integer call() {
    if (last < 0) {
      throw new CommandFailure(
          "--last " + last + ": give 0 or more decisions", ExitCode.USAGE, null);
    }
    try (ApiClient api = connect()) {
      for (Found found : find(api, name)) {
        String path =
            found.kind().objectPath(namespace, found.fault().at("/metadata/name").asText());
        JsonNode decisions = api.get(path + "/decisions?last=" + last);
        out()
            .print(
                switch (format) {
                  case json -> ManifestText.json(decisions);
                  case yaml -> ManifestText.yaml(decisions);
                  case table, wide -> DecisionTable.text(decisions);
                  case name ->
                      throw new CommandFailure(
                          "-o name: table, json or yaml", ExitCode.USAGE, null);
                });
      }
    }
    return ExitCode.OK;
  }
}
