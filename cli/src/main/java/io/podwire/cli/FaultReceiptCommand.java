package io.podwire.cli;

import io.podwire.cli.fault.FaultReport;
import io.podwire.cli.outcome.CommandFailure;
import io.podwire.cli.outcome.ExitCode;
import io.podwire.cli.print.ManifestText;
import io.podwire.cli.print.OutputFormat;
import io.podwire.client.api.ApiClient;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code podwire fault receipt}: what a fault has done. */
@Command(
    name = "receipt",
    description = "Print what a fault has done, on each link, with the verdict.",
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class FaultReceiptCommand extends FaultLookup implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", description = "such as delay-x7k2p or networkchaos/slow")
  String name = "";

  @Option(
      names = {"-o", "--output"},
      defaultValue = "table",
      description = "table, json or yaml (default: ${DEFAULT-VALUE})")
  OutputFormat format = OutputFormat.table;

  @Override
  public Integer call() {
    try (ApiClient api = connect()) {
      for (Found found : find(api, name)) {
        out()
            .print(
                switch (format) {
                  case json -> ManifestText.json(found.fault().path("status"));
                  case yaml -> ManifestText.yaml(found.fault().path("status"));
                  case table, wide -> FaultReport.receipt(found.fault());
                  case name ->
                      throw new CommandFailure(
                          "-o name: table, json or yaml", ExitCode.USAGE, null);
                });
      }
    }
    return ExitCode.OK;
  }
}
