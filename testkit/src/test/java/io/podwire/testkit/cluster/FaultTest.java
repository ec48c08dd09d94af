package io.podwire.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podwire.testkit.cluster.Fault.Check;
import io.podwire.testkit.topology.Topology;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultTest {
  @TempDir Path folder;
  private FakeControlPlane control;
  private Cluster cluster;

  @BeforeEach
  void start() throws IOException {
    control = new FakeControlPlane(folder);
    cluster = control.start(Topology.nodes(1));
  }

  @AfterEach
  void stop() {
    cluster.close();
    control.close();
  }

  private Fault fault() {
    return cluster.fault(FaultSpec.partition().from("app", "client"));
  }

  @Test
  void shouldBeGoneOnceItIsClosed() {
    try (Fault fault = fault()) {
      assertThat(cluster.faults()).hasToString("[" + fault + "]");
    }

    assertThat(cluster.faults()).isEmpty();
  }

  @Test
  void shouldFailWhereItMatchedNothing() {
    control.verdict("no-match");

    assertThatThrownBy(() -> fault().close())
        .isInstanceOf(AssertionError.class)
        .hasMessage("NetworkFault fault-1 matched nothing: loss 3 of 10 packets");
    assertThat(cluster.faults()).isEmpty();
  }

  @Test
  void shouldFailWhereItDidSomethingElse() {
    control.verdict("mismatch");

    assertThatThrownBy(() -> fault().close()).hasMessageContaining("did not do what was asked for");
    assertThatCode(() -> fault().check(Check.NOTHING).close()).doesNotThrowAnyException();
  }

  @Test
  void shouldTakeTooFewPacketsUnlessAskedNotTo() {
    control.verdict("inconclusive");

    assertThatCode(() -> fault().close()).doesNotThrowAnyException();
    assertThatThrownBy(() -> fault().check(Check.CONFIRMED).close())
        .hasMessageContaining("is not confirmed but inconclusive");
  }

  @Test
  void shouldWriteWhatTheManifestNeeds() {
    FaultSpec spec =
        FaultSpec.delay(Duration.ofMillis(80), Duration.ofMillis(20))
            .and(FaultSpec.loss(1))
            .from(new Pod(cluster, new ObjectKey("shop", "client")))
            .to(new Service(cluster, ObjectKey.parse("web")))
            .protocol("tcp")
            .port(80)
            .seed(7);

    assertThat(spec)
        .hasToString(
            """
            {"delay":{"latency":"80000000ns","jitter":"20000000ns"},"loss":{"percent":"1.0%"},\
            "selector":{"pods":{"shop":["client"]}},\
            "target":{"selector":{"services":["default/web"]}},\
            "protocol":"tcp","ports":["80"],"seed":7}\
            """);
  }
}
