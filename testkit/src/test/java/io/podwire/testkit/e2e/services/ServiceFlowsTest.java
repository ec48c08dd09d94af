package io.podwire.testkit.e2e.services;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.netstack.service.IpvsScheduler;
import io.podwire.netstack.service.ProxyMode;
import io.podwire.netstack.service.ProxySettings;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every mode does what the table says. */
class ServiceFlowsTest {

  private final ServiceFlows table = ServiceFlows.read();

  @Test
  void shouldHaveEnoughLines() {
    assertThat(table.flows()).hasSizeGreaterThanOrEqualTo(90);
  }

  @ParameterizedTest
  @EnumSource(ProxyMode.class)
  void shouldDoWhatTheTableSays(ProxyMode mode) {
    DatapathNode node = new DatapathNode(1);
    node.datapath().balance(new ProxySettings(mode, IpvsScheduler.RR));
    table.bind(node.datapath().services());
    List<String> differences = new ArrayList<>();
    for (ServiceFlows.Flow flow : table.flows()) {
      if (flow.isFor(mode)) {
        node.ask(flow);
        String difference = flow.difference(mode, node.outcomes(), node.sources());
        if (!difference.isEmpty()) {
          differences.add(difference);
        }
      }
    }
    assertThat(String.join("\n", differences)).isEmpty();
  }
}
