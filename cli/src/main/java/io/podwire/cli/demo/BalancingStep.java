package io.podwire.cli.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Connections to the Service by its short name are spread over both web Pods. */
final class BalancingStep implements DemoStep {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int CONNECTIONS = 20;

  @Override
  public String title(DemoWorld world) {
    return CONNECTIONS + " connections to http://web reach both web Pods";
  }

  @Override
  public List<Check> run(DemoWorld world) {
    List<Check> checks = new ArrayList<>();
    String dial =
        "http://127.0.0.1:"
            + DemoWorld.WEB_PORT
            + "/dial?host="
            + (world.alone() ? "web" : world.serviceAddress())
            + "&port=80&protocol=http&request=hostname&tries="
            + CONNECTIONS;
    List<String> agnhost = List.of("agnhost", "get", "--timeout=15s", dial);
    checks.add(check(world, agnhost, true));
    if (world.has("curl")) {
      String loop =
          "i=0; while [ $i -lt "
              + CONNECTIONS
              + " ]; do"
              + " "
              + String.join(" ", world.curl("http://web/hostname"))
              + "; echo; i=$((i+1)); done";
      checks.add(check(world, List.of("sh", "-c", loop), false));
    }
    return checks;
  }

  private static Check check(DemoWorld world, List<String> command, boolean json) {
    PodPrograms.Outcome outcome = world.programs().run(world.client().name(), command);
    List<String> answers =
        json ? responses(outcome.stdout()) : outcome.stdout().lines().map(String::strip).toList();
    Map<String, Integer> counts = new TreeMap<>();
    answers.forEach(answer -> counts.merge(answer, 1, Integer::sum));
    String near = world.near().name();
    String far = world.far().name();
    boolean held =
        outcome.exitCode() == 0
            && answers.size() == CONNECTIONS
            && counts.size() == 2
            && counts.containsKey(near)
            && counts.containsKey(far);
    List<String> texts = new ArrayList<>();
    counts.forEach((name, count) -> texts.add(count + " from " + name));
    return new Check(
        world.programs().typed(world.client().name(), command),
        CONNECTIONS + " answers, some from " + near + ", some from " + far,
        texts.isEmpty() || outcome.exitCode() != 0 ? outcome.text() : String.join(", ", texts),
        held);
  }

  private static List<String> responses(String json) {
    List<String> responses = new ArrayList<>();
    try {
      for (JsonNode response : JSON.readTree(json).path("responses")) {
        responses.add(response.asText());
      }
    } catch (JsonProcessingException none) {
      // No answer of netexec: the text is shown as it is.
    }
    return responses;
  }
}
