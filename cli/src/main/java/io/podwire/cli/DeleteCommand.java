package io.podwire.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.podwire.cli.outcome.CommandFailure;
import io.podwire.cli.outcome.ExitCode;
import io.podwire.client.api.ApiClient;
import io.podwire.client.api.ApiRefusal;
import io.podwire.client.api.Resource;
import io.podwire.client.api.Watch;
import io.podwire.client.manifest.ManifestFiles;
import io.podwire.client.manifest.ManifestStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code podwire delete}: removes objects, by manifests or by kind and name. */
@Command(
    name = "delete",
    description = "Delete objects by manifests, or by kind and names; waits until they are gone.",
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class DeleteCommand extends Invocation implements Callable<Integer> {
  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE",
      description = "a file, a folder, or - for standard input; repeatable")
  List<String> files = new ArrayList<>();

  @Parameters(paramLabel = "KIND NAME", arity = "0..*", description = "such as: pod web-1 web-2")
  List<String> words = new ArrayList<>();

  @Option(
      names = {"-n", "--namespace"},
      defaultValue = "default",
      description = "for objects that name none (default: ${DEFAULT-VALUE})")
  String namespace = "";

  @Option(names = "--no-wait", description = "return before the objects are gone")
  boolean noWait;

  @Option(names = "--ignore-not-found", description = "what is not there is no failure")
  boolean ignoreNotFound;

  /** One object that is being deleted. */
  private record Target(Resource resource, String namespace, String name) {}

  @Override
  public Integer call() {
    if (files.isEmpty() == words.isEmpty()) {
      throw usage("give either -f FILE or KIND NAME");
    }
    try (ApiClient api = podwire().connect()) {
      return files.isEmpty() ? deleteNamed(api) : deleteManifests(api);
    }
  }

  private int deleteNamed(ApiClient api) {
    Resource resource = Resource.named(words.getFirst());
    if (words.size() < 2) {
      throw usage("NAME is missing after " + words.getFirst());
    }
    boolean missing = false;
    List<Target> targets = new ArrayList<>();
    for (String name : words.subList(1, words.size())) {
      try {
        JsonNode answer = api.delete(resource.objectPath(namespace, name));
        out().println(resource.singular() + " \"" + name + "\" deleted");
        // A Status says that it is gone; one of that name may be there again already.
        if (!answer.path("kind").asText().equals("Status")) {
          targets.add(new Target(resource, namespace, name));
        }
      } catch (ApiRefusal refusal) {
        if (!refusal.notFound()) {
          throw refusal;
        }
        missing |= !ignoreNotFound;
        if (!ignoreNotFound) {
          err().println("podwire: " + refusal.getMessage());
        }
      }
    }
    awaitGone(api, targets);
    return missing ? ExitCode.FAILED : ExitCode.OK;
  }

  private int deleteManifests(ApiClient api) {
    ManifestStream manifests = ManifestFiles.read(files, System.in);
    JsonNode answer;
    try {
      answer =
          api.post(
              "/podwire/v1/delete?namespace=" + Resource.encode(namespace),
              manifests.body(),
              ManifestStream.MEDIA_TYPE);
    } catch (ApiRefusal refusal) {
      throw manifests.refused(refusal.status());
    }
    boolean missing = false;
    List<Target> targets = new ArrayList<>();
    for (JsonNode result : answer.path("results")) {
      String name = result.path("name").asText();
      String label = ApplyCommand.singular(result) + " \"" + name + "\"";
      if (result.path("result").asText().equals("notfound")) {
        missing |= !ignoreNotFound;
        if (!ignoreNotFound) {
          err().println("podwire: " + label + " not found");
        }
      } else {
        out().println(label + " deleted");
        if (result.path("result").asText().equals("terminating")) {
          targets.add(
              new Target(
                  Resource.named(result.path("resource").asText()),
                  result.path("namespace").asText(),
                  name));
        }
      }
    }
    awaitGone(api, targets);
    return missing ? ExitCode.FAILED : ExitCode.OK;
  }

  private void awaitGone(ApiClient api, List<Target> targets) {
    if (!noWait) {
      out().flush();
      targets.forEach(target -> awaitGone(api, target));
    }
  }

  private static void awaitGone(ApiClient api, Target target) {
    String list =
        target.resource().listPath(target.resource().namespaced() ? target.namespace() : null)
            + "?fieldSelector="
            + Resource.encode("metadata.name=" + target.name());
    boolean gone = false;
    while (!gone) {
      JsonNode found = api.get(list);
      gone = found.path("items").isEmpty();
      if (!gone) {
        gone = sawDeletion(api, list, found.path("metadata").path("resourceVersion").asText());
      }
    }
  }

  private static boolean sawDeletion(ApiClient api, String list, String revision) {
    try (Watch watch = Watch.open(api, list, revision)) {
      Optional<Watch.Event> event = watch.next();
      while (event.isPresent()) {
        if (event.get().type().equals("DELETED")) {
          return true;
        }
        event = watch.next();
      }
      return false;
    }
  }

  private static CommandFailure usage(String message) {
    return new CommandFailure(message, ExitCode.USAGE, null);
  }
}
