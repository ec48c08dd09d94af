package io.podwire.controlplane.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.podwire.cluster.fault.FaultLink;
import io.podwire.cluster.fault.LinkReceipt;
import io.podwire.cluster.store.MemoryStore;
import io.podwire.cluster.store.ResourceKey;
import io.podwire.controlplane.fault.FaultReceipts;
import io.podwire.controlplane.kind.KindTable;
import io.podwire.controlplane.kind.ManifestJson;
import io.podwire.controlplane.manifest.ManifestEditor;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One reconciler on a registry in memory, with a clock that stands still. */
class FaultStepTest {

  private static final Instant START = Instant.parse("2026-03-01T10:00:00.250Z");

  private final MemoryStore store = new MemoryStore();
  private Instant now = START;
  private final ManifestEditor editor = new ManifestEditor(store, () -> now);
  private final Observer observer = new Observer(store);
  private int expirations;
  private FaultStep step = new FaultStep(store, editor, () -> now, () -> expirations++);

  @BeforeEach
  void cluster() {
    create("namespaces", "metadata: {name: default}");
    create("nodes", "metadata: {name: n1}");
    pod("web-1", "10.244.0.1");
    pod("web-2", "10.244.0.2");
  }

  @Test
  void shouldBeginAFaultOnWhatItsSelectorsChoose() {
    fault(
        "slow", "{selector: {labelSelectors: {app: web}}, delay: {latency: 100ms}, duration: 30s}");

    pass();

    JsonNode status = status("slow");
    assertThat(status.path("phase").asText()).isEqualTo("Running");
    assertThat(status.path("startTime").asText()).isEqualTo("2026-03-01T10:00:00.250Z");
    assertThat(status.path("deadline").asText()).isEqualTo("2026-03-01T10:00:30.250Z");
    assertThat(status.path("links").findValuesAsText("pod"))
        .containsExactlyInAnyOrder("default/web-1", "default/web-2");
    assertThat(condition(status, "Selected")).isEqualTo("True");
    assertThat(condition(status, "AllInjected")).isEqualTo("True");
    assertThat(condition(status, "AllRecovered")).isEqualTo("False");
    assertThat(condition(status, "Paused")).isEqualTo("False");
  }

  @Test
  void shouldFollowPodsThatComeAndGo() {
    fault("slow", "{selector: {labelSelectors: {app: web}}, delay: {latency: 100ms}}");
    pass();
    assertThat(status("slow").has("deadline")).isFalse();

    pod("web-3", "10.244.0.3");
    editor.delete(new ResourceKey("pods", "default", "web-1"));
    pass();

    assertThat(status("slow").path("links").findValuesAsText("pod"))
        .containsExactlyInAnyOrder("default/web-2", "default/web-3");
  }

  @Test
  void shouldKeepWhomItChoseThoughOthersCome() {
    fault("one", "{selector: {labelSelectors: {app: web}}, mode: one, delay: {latency: 1ms}}");
    pass();
    String chosen = status("one").path("links").path(0).path("pod").asText();

    for (int i = 3; i < 30; i++) {
      pod("web-" + i, "10.244.0." + i);
    }
    pass();

    assertThat(status("one").path("links").findValuesAsText("pod")).containsExactly(chosen);
  }

  @Test
  void shouldEndAFaultAtItsDeadline() {
    fault("slow", "{selector: {}, delay: {latency: 100ms}, duration: 30s}");
    pass();
    now = START.plusMillis(29_999);
    pass();
    assertThat(status("slow").path("phase").asText()).isEqualTo("Running");

    now = START.plusSeconds(30);
    pass();

    JsonNode status = status("slow");
    assertThat(status.path("phase").asText()).isEqualTo("Ended");
    assertThat(status.path("endTime").asText()).isEqualTo("2026-03-01T10:00:30.250Z");
    assertThat(status.path("verdict").asText()).isEqualTo("no-match");
    assertThat(condition(status, "AllRecovered")).isEqualTo("True");
    assertThat(condition(status, "AllInjected")).isEqualTo("False");
  }

  @Test
  void shouldEndAFaultWhoseHolderIsSilent() {
    fault("held", "{selector: {}, delay: {latency: 1ms}, lease: {seconds: 10}}");
    beat("held", START);
    pass();
    assertThat(status("held").path("deadline").asText()).isEqualTo("2026-03-01T10:00:10.250Z");

    now = START.plusSeconds(9);
    beat("held", now);
    pass();
    assertThat(status("held").path("deadline").asText()).isEqualTo("2026-03-01T10:00:19.250Z");
    now = START.plusSeconds(19);
    pass();

    assertThat(status("held").path("phase").asText()).isEqualTo("Ended");
  }

  @Test
  void shouldWriteNothingWhenNothingChanges() {
    fault("slow", "{selector: {}, delay: {latency: 100ms}, duration: 30s}");
    pass();
    long revision = store.list("pods", "").revision();

    now = START.plusSeconds(5);
    pass();

    assertThat(store.list("pods", "").revision()).isEqualTo(revision);
  }

  @Test
  void shouldExpireTheZooKeeperSessionOnceAndSaySoBefore() {
    fault("expired", "{node: {action: zookeeper-session-expired}}");
    pass();

    pass();
    step = new FaultStep(store, editor, () -> now, () -> expirations++);
    pass();

    assertThat(expirations).isEqualTo(1);
    assertThat(status("expired").path("phase").asText()).isEqualTo("Ended");
    assertThat(status("expired").at("/affected/zookeeper_session_expired").asInt()).isEqualTo(1);
  }

  @Test
  void shouldKillEachPodOnce() {
    fault("kill", "{selector: {pods: {default: [web-1]}}, pod: {action: pod-kill}}");
    pass();
    assertThat(exists("web-1")).isTrue();
    assertThat(status("kill").path("kills").path("default/web-1").asText()).isEqualTo("u-web-1");

    // A new leader goes on where the one before stopped.
    step = new FaultStep(store, editor, () -> now, () -> expirations++);
    pass();
    assertThat(exists("web-1")).isFalse();
    assertThat(exists("web-2")).isTrue();
    assertThat(status("kill").path("phase").asText()).isEqualTo("Ended");
    assertThat(status("kill").path("verdict").asText()).isEqualTo("confirmed");

    create("pods", podText("web-1", "u-other", "10.244.0.9"));
    step = new FaultStep(store, editor, () -> now, () -> expirations++);
    pass();
    assertThat(exists("web-1")).isTrue();
  }

  @Test
  void shouldLeaveTheSuccessorOfAKilledPodAlone() {
    fault("kill", "{selector: {pods: {default: [web-1]}}, pod: {action: pod-kill}}");
    pass();
    editor.delete(new ResourceKey("pods", "default", "web-1"));
    create("pods", podText("web-1", "u-other", "10.244.0.9"));

    pass();

    assertThat(exists("web-1")).isTrue();
    assertThat(status("kill").path("phase").asText()).isEqualTo("Ended");
  }

  @Test
  void shouldFailTheSecondOfTwoThatContradict() {
    fault("a", "{selector: {}, delay: {latency: 100ms}}");
    fault("b", "{selector: {}, delay: {latency: 10ms}}");
    pass();
    pass();

    assertThat(List.of(status("a").path("phase").asText(), status("b").path("phase").asText()))
        .containsExactlyInAnyOrder("Running", "Failed");
  }

  @Test
  void shouldCompleteTheEndThatAHolderAsksFor() {
    fault("held", "{selector: {}, loss: {percent: 100%}, lease: {seconds: 10}}");
    beat("held", START);
    pass();
    editor.edit(
        key("held"),
        manifest -> {
          FaultReceipts.merge(manifest, "n1", "a", List.of(lost(50)));
          manifest.withObject("/status").put("phase", "Ended");
        });

    pass();

    assertThat(status("held").path("endTime").asText()).isNotEmpty();
    assertThat(status("held").path("verdict").asText()).isEqualTo("confirmed");
  }

  private static LinkReceipt lost(long packets) {
    return new LinkReceipt(
        "Pod default/web-1",
        FaultLink.Direction.EGRESS,
        true,
        "",
        packets,
        packets,
        0,
        0,
        Map.of("lost", packets),
        0,
        0,
        0,
        0,
        0,
        0,
        packets,
        0);
  }

  private void pass() {
    step.reconcile(observer.observe());
  }

  private void beat(String name, Instant time) {
    editor.edit(
        key(name),
        manifest ->
            manifest
                .withObject("/metadata/annotations")
                .put("podwire.io/heartbeat", time.toString()));
  }

  private void fault(String name, String spec) {
    create(
        KindTable.NETWORK_FAULT.resource(),
        """
        apiVersion: podwire.io/v1alpha1
        kind: NetworkFault
        metadata: {name: %s, namespace: default, uid: u-%s}
        spec: %s
        status: {phase: Pending}
        """
            .formatted(name, name, spec));
  }

  private void pod(String name, String ip) {
    create("pods", podText(name, "u-" + name, ip));
  }

  private static String podText(String name, String uid, String ip) {
    return """
    metadata: {name: %s, namespace: default, uid: %s, labels: {app: web}}
    spec: {nodeName: n1, containers: [{name: c, image: web}]}
    status: {phase: Running, podIP: %s, podIPs: [{ip: %s}]}
    """
        .formatted(name, uid, ip, ip);
  }

  private boolean exists(String pod) {
    return store.get(new ResourceKey("pods", "default", pod)).isPresent();
  }

  private JsonNode status(String fault) {
    return ManifestJson.read(store.get(key(fault)).orElseThrow()).path("status");
  }

  private static String condition(JsonNode status, String type) {
    for (JsonNode condition : status.path("conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return condition.path("status").asText();
      }
    }
    return "";
  }

  private static ResourceKey key(String fault) {
    return KindTable.NETWORK_FAULT.key("default", fault);
  }

  private void create(String resource, String yaml) {
    ObjectNode manifest;
    try {
      manifest = (ObjectNode) new YAMLMapper().readTree(yaml);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
    JsonNode metadata = manifest.path("metadata");
    store.create(
        new ResourceKey(
            resource, metadata.path("namespace").asText(), metadata.path("name").asText()),
        ManifestJson.toStored(manifest),
        Set.of());
  }
}
