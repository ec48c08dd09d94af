package io.podwire.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.podwire.cli.outcome.ExitCode;
import io.podwire.client.api.ApiClient;
import io.podwire.client.api.ApiRefusal;
import io.podwire.client.api.Resource;
import io.podwire.client.manifest.ManifestFiles;
import io.podwire.client.manifest.ManifestStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code podwire apply}: makes objects as manifests say, all of them or none. */
@Command(
    name = "apply",
    description = "Create or change objects as manifests say: all of them, or none.",
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class ApplyCommand extends Invocation implements Callable<Integer> {
  @Option(
      names = {"-f", "--filename"},
      required = true,
      paramLabel = "FILE",
      description = "a file, a folder, or - for standard input; repeatable")
  List<String> files = new ArrayList<>();

  @Option(
      names = {"-n", "--namespace"},
      defaultValue = "default",
      description = "for objects that name none (default: ${DEFAULT-VALUE})")
  String namespace = "";

  @Option(names = "--dry-run", description = "only check, change nothing")
  boolean dryRun;

  @Override
  public Integer call() {
    ManifestStream manifests = ManifestFiles.read(files, System.in);
    String path =
        "/podwire/v1/apply?namespace=" + Resource.encode(namespace) + (dryRun ? "&dryRun=All" : "");
    try (ApiClient api = podwire().connect()) {
      JsonNode answer = api.post(path, manifests.body(), ManifestStream.MEDIA_TYPE);
      printResults(answer, manifests);
      return ExitCode.OK;
    } catch (ApiRefusal refusal) {
      throw manifests.refused(refusal.status());
    }
  }

  private void printResults(JsonNode answer, ManifestStream manifests) {
    for (JsonNode result : answer.path("results")) {
      out()
          .println(
              singular(result)
                  + "/"
                  + result.path("name").asText()
                  + " "
                  + result.path("result").asText()
                  + (dryRun ? " (dry run)" : ""));
    }
    for (JsonNode warning : answer.path("warnings")) {
      err().println("Warning: " + manifests.located(warning.asText()));
    }
  }

  /** As kubectl names an object: its kind in lower case, with the group where it has one. */
  static String singular(JsonNode result) {
    String resource = result.path("resource").asText();
    int dot = resource.indexOf('.');
    String kind = result.path("kind").asText().toLowerCase(Locale.ROOT);
    return dot < 0 ? kind : kind + resource.substring(dot);
  }
}
