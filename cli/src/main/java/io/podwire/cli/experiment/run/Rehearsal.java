package io.podwire.cli.experiment.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.podwire.cli.experiment.plan.Action;
import io.podwire.cli.experiment.plan.Experiment;
import io.podwire.cli.experiment.plan.Step;
import io.podwire.cli.outcome.CommandFailure;
import io.podwire.cli.outcome.ExitCode;
import io.podwire.client.api.ApiClient;
import io.podwire.client.api.ApiRefusal;
import io.podwire.client.api.Resource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An experiment's faults as the control plane reads them, before anything acts. */
final class Rehearsal {
  private static final int MOST_CAPTURES = 6;

  private final Map<String, String> captured = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();

  /**
   * Asks the control plane about every fault.
   *
   * @throws CommandFailure with exit code 2 and a line for everything that is wrong
   */
  Rehearsal(ApiClient api, Experiment experiment, Timeline timeline) {
    for (int i = 0; i < experiment.steps().size(); i++) {
      Step step = experiment.steps().get(i);
      if (step.action() instanceof Action.Apply) {
        // What a later fault is for may not be there yet.
        break;
      }
      if (step.action() instanceof Action.Fault action) {
        try {
          watch(new FaultRun(api, experiment, step, action, 1, timeline).dryRun());
        } catch (ApiRefusal refusal) {
          String where = "spec.steps[" + i + "].fault: ";
          String message = String.valueOf(refusal.getMessage());
          message.lines().forEach(line -> problems.add(where + line.strip()));
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new CommandFailure(String.join("\n", problems), ExitCode.USAGE, null);
    }
  }

  private void watch(JsonNode fault) {
    JsonNode status = fault.path("status");
    for (JsonNode link : status.path("links")) {
      String pod = link.path("pod").asText();
      if (pod.isEmpty()) {
        String node = link.path("node").asText();
        captured.put("node-" + node, Resource.NODE.objectPath("", node));
      } else {
        pod(pod);
      }
    }
    status.at("/chosen/selector").forEach(chosen -> pod(chosen.asText()));
    status.path("dnsClients").forEach(client -> pod(client.asText()));
  }

  private void pod(String name) {
    int slash = name.indexOf('/');
    if (slash > 0) {
      String path = Resource.POD.objectPath(name.substring(0, slash), name.substring(slash + 1));
      captured.put(name.replace('/', '_'), path);
    }
  }

  /** The API's paths of the Pods and nodes whose packets are worth keeping, by a file's name. */
  Map<String, String> captured() {
    Map<String, String> first = new LinkedHashMap<>();
    captured.entrySet().stream()
        .limit(MOST_CAPTURES)
        .forEach(each -> first.put(each.getKey(), each.getValue()));
    return first;
  }
}
