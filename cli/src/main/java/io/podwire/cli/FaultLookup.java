package io.podwire.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.podwire.cli.outcome.CommandFailure;
import io.podwire.client.api.ApiClient;
import io.podwire.client.api.ApiRefusal;
import io.podwire.client.api.Resource;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** What the commands about faults that are there share: names of any of their kinds. */
abstract class FaultLookup {
  @ParentCommand private @Nullable FaultCommand parent;
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = {"-n", "--namespace"},
      defaultValue = "default",
      description = "default: ${DEFAULT-VALUE}")
  String namespace = "default";

  /** A fault and its kind. */
  record Found(Resource kind, JsonNode fault) {}

  final ApiClient connect() {
    return Objects.requireNonNull(parent).podwire().connect();
  }

  final PrintWriter out() {
    return Objects.requireNonNull(spec).commandLine().getOut();
  }

  /**
   * The faults of this name, one at least.
   *
   * @param name bare, or with its kind: {@code networkchaos/slow}
   */
  final List<Found> find(ApiClient api, String name) {
    int slash = name.indexOf('/');
    List<Resource> kinds =
        slash < 0 ? Resource.FAULTS : List.of(Resource.named(name.substring(0, slash)));
    List<Found> found = new ArrayList<>();
    for (Resource kind : kinds) {
      try {
        found.add(new Found(kind, api.get(kind.objectPath(namespace, name.substring(slash + 1)))));
      } catch (ApiRefusal refusal) {
        if (!refusal.notFound()) {
          throw refusal;
        }
      }
    }
    if (found.isEmpty()) {
      throw new CommandFailure(
          "no fault \""
              + name
              + "\" in namespace "
              + namespace
              + "; 'podwire fault ls -A' lists all");
    }
    return found;
  }
}
