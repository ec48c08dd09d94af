package io.podwire.controlplane.api;

import static io.podwire.controlplane.api.ApiFixture.documents;
import static io.podwire.controlplane.api.ApiFixture.namespace;
import static io.podwire.controlplane.api.ApiFixture.pod;
import static io.podwire.controlplane.api.ApiFixture.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.controlplane.api.ApiFixture.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultAdmissionTest {

  private static final String FAULTS = "/apis/podwire.io/v1alpha1/namespaces/shop/networkfaults";

  private final ApiFixture api = new ApiFixture();

  @BeforeEach
  void start() {
    api.apply(documents(namespace("shop"), pod("shop", "web-1")));
    api.storeNode("n1", 1);
    api.run("shop", "web-1", "n1", "Running");
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void shouldTakeAFaultThatMatches() {
    Answer answer = api.post(FAULTS, fault("slow", "{app: web}", "delay: {latency: 100ms}"));

    assertThat(answer.code()).as(answer.message()).isEqualTo(201);
    assertThat(answer.at("/status/phase").asText()).isEqualTo("Pending");
  }

  @Test
  void shouldNameTheSelectorThatMatchesNothing() {
    Answer answer = api.post(FAULTS, fault("slow", "{app: wbe}", "delay: {latency: 100ms}"));

    assertThat(answer.code()).isEqualTo(422);
    assertThat(answer.causes())
        .containsExactly(
            "spec.selector: {\"labelSelectors\":{\"app\":\"wbe\"}} matches no Pod;"
                + " choose what is there, or create it first");
    assertThat(api.get(FAULTS + "/slow").code()).isEqualTo(404);
  }

  @Test
  void shouldNameTheFaultThatItContradicts() {
    api.post(FAULTS, fault("slow", "{app: web}", "delay: {latency: 100ms}"));

    Answer answer = api.post(FAULTS, fault("slower", "{app: web}", "delay: {latency: 1s}"));

    assertThat(answer.code()).isEqualTo(422);
    assertThat(answer.message())
        .contains(
            "spec: contradicts NetworkFault shop/slow: both set a delay on Pod shop/web-1"
                + " (egress)");
    assertThat(api.post(FAULTS, fault("lossy", "{app: web}", "loss: {percent: 1%}")).code())
        .isEqualTo(201);
  }

  @Test
  void shouldShowInADryRunWhatWouldMatch() {
    Answer answer =
        api.post(FAULTS + "?dryRun=All", fault("slow", "{app: web}", "delay: {latency: 100ms}"));

    assertThat(answer.code()).isEqualTo(201);
    assertThat(answer.at("/status/links/0/pod").asText()).isEqualTo("shop/web-1");
    assertThat(answer.at("/status/links/0/node").asText()).isEqualTo("n1");
    assertThat(api.get(FAULTS + "/slow").code()).isEqualTo(404);
  }

  @Test
  void shouldSeeThePodsAndServicesOfTheSameBatch() {
    Answer answer =
        api.apply(
            documents(
                namespace("new"),
                pod("new", "web-1"),
                service("new", "front"),
                """
                apiVersion: podwire.io/v1alpha1
                kind: NetworkFault
                metadata: {name: slow, namespace: new}
                spec: {selector: {services: [front]}, delay: {latency: 100ms}}
                """));

    assertThat(answer.code()).as(answer.message() + answer.causes()).isEqualTo(200);
  }

  @Test
  void shouldRefuseABatchThatContradictsItself() {
    Answer answer =
        api.apply(
            documents(
                fault("a", "{app: web}", "delay: {latency: 100ms}"),
                fault("b", "{app: web}", "delay: {latency: 10ms}")));

    assertThat(answer.code()).isEqualTo(422);
    assertThat(answer.causes())
        .singleElement()
        .asString()
        .contains("contradicts NetworkFault shop/a");
    assertThat(api.get(FAULTS + "/a").code()).isEqualTo(404);
  }

  private static String fault(String name, String labels, String effect) {
    return """
    apiVersion: podwire.io/v1alpha1
    kind: NetworkFault
    metadata: {name: %s, namespace: shop}
    spec:
      selector: {labelSelectors: %s}
      %s
    """
        .formatted(name, labels, effect);
  }
}
