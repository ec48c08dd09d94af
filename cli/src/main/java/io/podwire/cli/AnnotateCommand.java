package io.podwire.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cli.outcome.CommandFailure;
import io.podwire.cli.outcome.ExitCode;
import io.podwire.client.api.ApiClient;
import io.podwire.client.api.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code podwire annotate}: sets and removes annotations of an object. */
@Command(
    name = "annotate",
    description = "Set annotations of an object, or remove them.",
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class AnnotateCommand extends Invocation implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "KIND", description = "such as: node")
  String kind = "";

  @Parameters(index = "1", paramLabel = "NAME", description = "the object's")
  String name = "";

  @Parameters(
      index = "2..*",
      arity = "1..*",
      paramLabel = "KEY=VALUE",
      description = "such as: podwire.io/proxy-mode=ipvs/rr; KEY- removes it")
  List<String> words = new ArrayList<>();

  @Option(
      names = {"-n", "--namespace"},
      defaultValue = "default",
      description = "the object's (default: ${DEFAULT-VALUE})")
  String namespace = "";

  @Override
  public Integer call() {
    Resource resource = Resource.named(kind);
    ObjectNode changes = changes(words);
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    patch.putObject("metadata").set("annotations", changes);
    try (ApiClient api = podwire().connect()) {
      JsonNode changed = api.mergePatch(resource.objectPath(namespace, name), patch.toString());
      out()
          .println(
              resource.singular() + " \"" + changed.at("/metadata/name").asText() + "\" annotated");
    }
    return ExitCode.OK;
  }

  /** As a merge patch has them: null removes. */
  static ObjectNode changes(List<String> words) {
    ObjectNode changes = JsonNodeFactory.instance.objectNode();
    for (String word : words) {
      int equals = word.indexOf('=');
      if (equals > 0) {
        changes.put(word.substring(0, equals), word.substring(equals + 1));
      } else if (equals < 0 && word.length() > 1 && word.endsWith("-")) {
        changes.putNull(word.substring(0, word.length() - 1));
      } else {
        throw new CommandFailure(
            "annotate: '" + word + "' is neither KEY=VALUE nor KEY-", ExitCode.USAGE, null);
      }
    }
    return changes;
  }
}
