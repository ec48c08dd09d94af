package io.podwire.cli.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BenchManifestsTest {
  @Test
  void shouldHoldAsManyServicesAndPodsAsAskedFor() {
    String text = new String(BenchManifests.of(List.of("node-1", "node-2"), 12, 30).body(), UTF_8);

    assertThat(text.lines().filter("kind: Service"::equals)).hasSize(12);
    assertThat(text.lines().filter("kind: Pod"::equals)).hasSize(30);
    assertThat(text).contains("name: probe-node-1", "nodeName: node-2");
  }
}
