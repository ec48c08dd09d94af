package io.podwire.testkit.e2e.services;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.netstack.service.ProxyMode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every mode does what the table says. */
class ServiceFlowsTest {

  private final ServiceFlows table = ServiceFlows.read();

  @Test
  void shouldHaveEnoughLinesAndAskEveryService() {
    assertThat(table.flows()).hasSizeGreaterThanOrEqualTo(300);
    assertThat(table.flows().stream().map(flow -> flow.text().split("\\s+")[3]))
        .containsAll(table.services());
    assertThat(table.flows().stream().map(Flow::text)).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource(ProxyMode.class)
  void shouldDoWhatTheTableSays(ProxyMode mode) {
    DatapathNodes nodes = new DatapathNodes(mode, table);
    List<String> differences = new ArrayList<>();
    for (Flow flow : table.flows(mode)) {
      String difference = nodes.ask(mode, flow);
      if (!difference.isEmpty()) {
        differences.add(difference);
      }
    }
    assertThat(String.join("\n", differences)).isEmpty();
  }
}
