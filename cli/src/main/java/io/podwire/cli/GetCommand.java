package io.podwire.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cli.outcome.CommandFailure;
import io.podwire.cli.outcome.ExitCode;
import io.podwire.cli.print.ManifestText;
import io.podwire.cli.print.OutputFormat;
import io.podwire.cli.print.ResourceTable;
import io.podwire.client.api.ApiClient;
import io.podwire.client.api.ApiRefusal;
import io.podwire.client.api.Resource;
import io.podwire.client.api.Watch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code podwire get}: prints objects. */
@Command(
    name = "get",
    description = "Print pods, services, nodes, endpointslices, namespaces or faults.",
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class GetCommand extends Invocation implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "KIND",
      description = "such as pods, po, svc, nodes, eps, ns, networkfaults, nf, networkchaos")
  String kind = "";

  @Parameters(index = "1..*", paramLabel = "NAME", description = "only these")
  List<String> names = new ArrayList<>();

  @Option(
      names = {"-n", "--namespace"},
      defaultValue = "default",
      description = "default: ${DEFAULT-VALUE}")
  String namespace = "";

  @Option(
      names = {"-A", "--all-namespaces"},
      description = "of all namespaces")
  boolean allNamespaces;

  @Option(
      names = {"-l", "--selector"},
      paramLabel = "LABELS",
      description = "such as app=web,tier!=back")
  @Nullable String selector;

  @Option(
      names = {"-o", "--output"},
      defaultValue = "table",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  OutputFormat format = OutputFormat.table;

  @Option(
      names = {"-w", "--watch"},
      description = "go on with every change until Ctrl-C")
  boolean watch;

  @Override
  public Integer call() {
    Resource resource = Resource.named(kind);
    if (!names.isEmpty() && (allNamespaces || selector != null)) {
      throw new CommandFailure(
          "NAME " + names.getFirst() + ": not together with -A or -l", ExitCode.USAGE, null);
    }
    if (watch && (names.size() > 1 || format == OutputFormat.json || format == OutputFormat.yaml)) {
      throw new CommandFailure(
          "-w: with one NAME at most, and -o wide or name only", ExitCode.USAGE, null);
    }
    try (ApiClient api = podwire().connect()) {
      return names.isEmpty() || watch ? printList(api, resource) : printNamed(api, resource);
    }
  }

  private int printNamed(ApiClient api, Resource resource) {
    List<JsonNode> found = new ArrayList<>();
    boolean missing = false;
    for (String name : names) {
      try {
        found.add(api.get(resource.objectPath(namespace, name)));
      } catch (ApiRefusal refusal) {
        if (!refusal.notFound()) {
          throw refusal;
        }
        err().println("podwire: " + refusal.getMessage());
        missing = true;
      }
    }
    if (!found.isEmpty()) {
      print(resource, found, names.size() == 1);
    }
    return missing ? ExitCode.FAILED : ExitCode.OK;
  }

  private int printList(ApiClient api, Resource resource) {
    String path = resource.listPath(allNamespaces ? null : namespace) + query();
    JsonNode list = api.get(path);
    List<JsonNode> items = new ArrayList<>();
    list.path("items").forEach(items::add);
    if (items.isEmpty() && (format == OutputFormat.table || format == OutputFormat.wide)) {
      boolean one = resource.namespaced() && !allNamespaces;
      err().println("No resources found" + (one ? " in " + namespace + " namespace." : "."));
      err().flush();
    } else {
      print(resource, items, false);
    }
    if (watch) {
      out().flush();
      follow(api, resource, path, list.path("metadata").path("resourceVersion").asText());
    }
    return ExitCode.OK;
  }

  private String query() {
    List<String> parameters = new ArrayList<>();
    if (selector != null) {
      parameters.add("labelSelector=" + Resource.encode(selector));
    }
    if (!names.isEmpty()) {
      parameters.add("fieldSelector=" + Resource.encode("metadata.name=" + names.getFirst()));
    }
    return parameters.isEmpty() ? "" : "?" + String.join("&", parameters);
  }

  private void follow(ApiClient api, Resource resource, String path, String revision) {
    try (Watch changes = Watch.open(api, path, revision)) {
      Optional<Watch.Event> event = changes.next();
      while (event.isPresent()) {
        if (!event.get().type().equals("BOOKMARK")) {
          List<JsonNode> one = List.of(event.get().object());
          out()
              .print(
                  format == OutputFormat.name
                      ? names(resource, one)
                      : table(resource).rows(one, Instant.now()));
          out().flush();
        }
        event = changes.next();
      }
    }
  }

  private void print(Resource resource, List<JsonNode> items, boolean single) {
    JsonNode whole = single ? items.getFirst() : list(items);
    out()
        .print(
            switch (format) {
              case table, wide -> table(resource).text(items, Instant.now());
              case json -> ManifestText.json(whole);
              case yaml -> ManifestText.yaml(whole);
              case name -> names(resource, items);
            });
  }

  private ResourceTable table(Resource resource) {
    return new ResourceTable(resource, allNamespaces, format == OutputFormat.wide);
  }

  private static String names(Resource resource, List<JsonNode> items) {
    StringBuilder lines = new StringBuilder();
    for (JsonNode item : items) {
      lines.append(resource.qualifiedSingular()).append('/');
      lines.append(item.path("metadata").path("name").asText()).append('\n');
    }
    return lines.toString();
  }

  private static JsonNode list(List<JsonNode> items) {
    ObjectNode list = JsonNodeFactory.instance.objectNode();
    list.put("apiVersion", "v1").put("kind", "List");
    list.putArray("items").addAll(items);
    list.putObject("metadata").put("resourceVersion", "");
    return list;
  }
}
