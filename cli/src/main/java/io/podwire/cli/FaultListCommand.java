package io.podwire.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.podwire.cli.outcome.ExitCode;
import io.podwire.cli.print.OutputFormat;
import io.podwire.cli.print.ResourceTable;
import io.podwire.client.api.ApiClient;
import io.podwire.client.api.Resource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code podwire fault ls}: the faults of all kinds. */
@Command(
    name = "ls",
    description = "List the faults of all kinds.",
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class FaultListCommand extends FaultLookup implements Callable<Integer> {
  @Option(
      names = {"-A", "--all-namespaces"},
      description = "of all namespaces")
  boolean allNamespaces;

  @Option(
      names = {"-o", "--output"},
      defaultValue = "table",
      description = "table or wide (default: ${DEFAULT-VALUE})")
  OutputFormat format = OutputFormat.table;

  @Override
  public Integer call() {
    List<JsonNode> faults = new ArrayList<>();
    try (ApiClient api = connect()) {
      for (Resource kind : Resource.FAULTS) {
        JsonNode list = api.get(kind.listPath(allNamespaces ? null : namespace));
        list.path("items").forEach(faults::add);
      }
    }
    if (faults.isEmpty()) {
      out().println("no faults");
    } else {
      out()
          .print(
              new ResourceTable(Resource.NETWORK_FAULT, allNamespaces, format == OutputFormat.wide)
                  .text(faults, Instant.now()));
    }
    return ExitCode.OK;
  }
}
