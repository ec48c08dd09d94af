package io.podwire.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UnreadyTest {

  /** Programs of which only the logs are known. */
  private record Logs(Map<String, List<String>> lines) implements ClusterPrograms {
    @Override
    public String name() {
      return "c";
    }

    @Override
    public Duration age() {
      return Duration.ZERO;
    }

    @Override
    public Path captures() {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<String> logTail(String program, int count) {
      List<String> all = lines.getOrDefault(program, List.of());
      return all.subList(Math.max(0, all.size() - count), all.size());
    }

    @Override
    public void copyLogs(Path logs, Path pods) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void restart(String node) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void signal(String node, String signal) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void remove() {
      throw new UnsupportedOperationException();
    }
  }

  private static JsonNode yaml(String text) throws IOException {
    return new YAMLMapper().readTree(text);
  }

  @Test
  void shouldTellEachReasonAndTheLastLinesOfTheAgentsConcerned() throws IOException {
    List<String> said = new ArrayList<>(Collections.nCopies(20, "old"));
    said.add("no such link");
    Logs logs = new Logs(Map.of("node-1", List.of("nothing of interest"), "node-2", said));
    JsonNode ready =
        yaml("{metadata: {name: node-1}, status: {conditions: [{type: Ready, status: 'True'}]}}");
    JsonNode unready =
        yaml(
            "{metadata: {name: node-2}, status: {conditions:"
                + " [{type: Ready, status: 'False', reason: Network, message: no tunnel}]}}");
    JsonNode pod =
        yaml(
            "{metadata: {name: web, namespace: shop}, spec: {nodeName: node-2}, status: {phase:"
                + " Pending, reason: FailedCreate, message: no room}}");

    String text = new Unready(logs, 2, List.of(ready, unready), List.of(pod)).text();

    assertThat(text)
        .startsWith(
            """

              Node node-2: Network no tunnel
              Pod shop/web: FailedCreate: no room
              the end of the log of node-2:
                old
            """
                .stripTrailing())
        .endsWith("no such link")
        .doesNotContain("node-1");
    assertThat(text.lines()).hasSize(12);
  }

  @Test
  void shouldNameTheNodesWhoseAgentsHaveNotComeUp() {
    Logs logs = new Logs(Map.of("node-1", List.of("no /dev/net/tun")));

    assertThat(new Unready(logs, 1, List.of(), List.of()).text())
        .contains("Node node-1: its agent has not registered it")
        .endsWith("no /dev/net/tun");
  }

  @Test
  void shouldSayWhereEverythingHasBecomeReadyMeanwhile() {
    assertThat(new Unready(new Logs(Map.of()), 0, List.of(), List.of()).text())
        .isEqualTo("by now everything is Ready");
  }
}
