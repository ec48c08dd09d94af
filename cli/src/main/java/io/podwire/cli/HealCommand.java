package io.podwire.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.podwire.cli.outcome.ExitCode;
import io.podwire.client.api.ApiClient;
import io.podwire.client.api.ApiRefusal;
import io.podwire.client.api.Resource;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code podwire heal}: removes every fault. */
@Command(
    name = "heal",
    description = "Remove all faults, whoever made them.",
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class HealCommand extends Invocation implements Callable<Integer> {
  @Option(
      names = {"-n", "--namespace"},
      description = "of this namespace only (default: of all)")
  @Nullable String namespace;

  @Option(
      names = {"-A", "--all-namespaces"},
      description = "of all namespaces, which is the default")
  boolean allNamespaces;

  @Override
  public Integer call() {
    int removed = 0;
    try (ApiClient api = podwire().connect()) {
      for (Resource kind : Resource.FAULTS) {
        for (JsonNode fault :
            api.get(kind.listPath(allNamespaces ? null : namespace)).path("items")) {
          String in = fault.path("metadata").path("namespace").asText();
          String name = fault.path("metadata").path("name").asText();
          try {
            api.delete(kind.objectPath(in, name));
            removed++;
            out().println(kind.singular() + " " + in + "/" + name + " removed");
          } catch (ApiRefusal refusal) {
            if (!refusal.notFound()) {
              throw refusal;
            }
          }
        }
      }
    }
    if (removed == 0) {
      out().println("no faults");
    }
    return ExitCode.OK;
  }
}
