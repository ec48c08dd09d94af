package io.podwire.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadinessTrackerTest {
  private static final YAMLMapper YAML = new YAMLMapper();

  private final ReadinessTracker tracker = new ReadinessTracker(List.of("node-1", "node-2"));

  @Test
  void shouldWaitForEveryExpectedNode() throws JsonProcessingException {
    tracker.node(node("node-1", "True"));
    assertThat(tracker.nodesReady()).isFalse();
    assertThat(tracker.missing()).containsExactly("node-2");

    tracker.node(node("node-2", "Unknown"));
    assertThat(tracker.nodesReady()).isFalse();

    tracker.node(node("node-2", "True"));
    assertThat(tracker.nodesReady()).isTrue();
    assertThat(tracker.text()).isEqualTo("Nodes ready: 2 of 2, Pods ready: 0 of 0");
  }

  @Test
  void shouldTakeReadyAndSucceededPodsAsDone() throws JsonProcessingException {
    tracker.podsListed();
    assertThat(tracker.podsReady()).isFalse();
    tracker.pod(pod("a", "{phase: Running, conditions: [{type: Ready, status: 'False'}]}"), false);
    tracker.pod(pod("b", "{phase: Succeeded}"), false);
    assertThat(tracker.podsReady()).isFalse();

    tracker.pod(pod("a", "{phase: Running, conditions: [{type: Ready, status: 'True'}]}"), false);
    assertThat(tracker.podsReady()).isTrue();
  }

  @Test
  void shouldNotTakeTheFirstFewPodsForAllOfThem() throws JsonProcessingException {
    tracker.pod(pod("a", "{phase: Succeeded}"), false);
    assertThat(tracker.podsReady()).isFalse();

    tracker.podsListed();
    assertThat(tracker.podsReady()).isTrue();
  }

  @Test
  void shouldGiveUpWhereAProgramCannotBeRun() throws JsonProcessingException {
    String status =
        "{phase: Running, reason: StartError, message: no such file,"
            + " containerStatuses: [{state: {terminated: {reason: StartError}}}]}";

    assertThat(tracker.pod(pod("a", status), false))
        .hasValueSatisfying(
            why -> assertThat(why).endsWith("does not start: StartError: no such file"));
  }

  @Test
  void shouldForgetDeletedPods() throws JsonProcessingException {
    tracker.podsListed();
    tracker.pod(pod("a", "{phase: Pending}"), false);
    tracker.pod(pod("b", "{phase: Succeeded}"), false);
    tracker.pod(pod("a", "{phase: Pending}"), true);

    assertThat(tracker.podsReady()).isTrue();
    assertThat(tracker.podCount()).isEqualTo(1);
  }

  @Test
  void shouldTellWhyAPodWillNeverBeReady() throws JsonProcessingException {
    assertThat(tracker.pod(pod("a", "{phase: Failed, reason: Evicted, message: full}"), false))
        .contains("Pod default/a failed: Evicted: full");
    assertThat(
            tracker.pod(
                pod(
                    "b",
                    "{phase: Pending, containerStatuses: [{state: {waiting: {reason: ErrImagePull,"
                        + " message: no such image}}}]}"),
                false))
        .contains("Pod default/b does not start: ErrImagePull: no such image");
    assertThat(
            tracker.pod(
                pod(
                    "c",
                    "{phase: Pending, containerStatuses: [{state: {waiting: {reason:"
                        + " ContainerCreating}}}]}"),
                false))
        .isEmpty();
  }

  private static JsonNode node(String name, String ready) throws JsonProcessingException {
    return YAML.readTree(
        "{metadata: {name: "
            + name
            + "}, status: {conditions: [{type: Ready, status: '"
            + ready
            + "'}]}}");
  }

  private static JsonNode pod(String name, String status) throws JsonProcessingException {
    return YAML.readTree(
        "{metadata: {namespace: default, name: " + name + "}, status: " + status + "}");
  }
}
