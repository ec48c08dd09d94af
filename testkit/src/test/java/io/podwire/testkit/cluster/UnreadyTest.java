package io.podwire.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnreadyTest {
  @TempDir Path home;

  private static JsonNode yaml(String text) throws IOException {
    return new YAMLMapper().readTree(text);
  }

  @Test
  void shouldTellEachReasonAndTheLastLinesOfTheAgentsConcerned() throws IOException {
    StateFolder state = new StateFolder(home, "c");
    Files.createDirectories(state.logs());
    Files.writeString(state.logs().resolve("node-1.log"), "nothing of interest\n");
    Files.writeString(state.logs().resolve("node-2.log"), "old\n".repeat(20) + "no such link\n");
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

    String text = new Unready(state, List.of(ready, unready), List.of(pod)).text();

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
  void shouldSayWhereEverythingHasBecomeReadyMeanwhile() {
    assertThat(new Unready(new StateFolder(home, "c"), List.of(), List.of()).text())
        .isEqualTo("by now everything is Ready");
  }
}
