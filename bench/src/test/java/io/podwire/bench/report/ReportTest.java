package io.podwire.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.podwire.bench.measure.Row;
import io.podwire.bench.measure.Samples;
import io.podwire.bench.measure.Series;
import io.podwire.bench.measure.Target;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static final MachineFacts MACHINE =
      new MachineFacts(Map.of("kernel", "Linux 6.1"), Map.of("iperf3", "iperf 3.12"));

  private final Findings findings = new Findings();

  @BeforeEach
  void find() {
    findings.add(
        Row.of(
                "tcp",
                "TCP",
                "Gbit/s",
                List.of(
                    new Series("podwire", Samples.of(6, 8)),
                    new Series("kernel", Samples.of(10, 10))))
            .compared("podwire", "kernel", Optional.of(Target.atLeast(0.8))));
    findings.missing(
        "openvswitch: not installed: ovs-vswitchd (Debian package openvswitch-switch)");
    findings.failure("dns: knot ended");
  }

  @Test
  void shouldShowValuesTargetsAndWhatIsMissing() {
    StringWriter text = new StringWriter();
    TextReport.print(findings, MACHINE, new PrintWriter(text));

    assertThat(text.toString().lines().map(String::strip))
        .contains("TCP   Gbit/s  podwire  7.00 (6.00-8.00)")
        .contains("kernel   10.0 (10.0-10.0)")
        .contains("TCP   podwire / kernel  0.700 (0.600-0.800)  >= 0.800  no")
        .contains("dns: knot ended")
        .anyMatch(line -> line.contains("Debian package openvswitch-switch"));
  }

  @Test
  void shouldHoldEveryValueAsJson() throws Exception {
    JsonNode json =
        new JsonMapper()
            .readTree(JsonReport.write(findings, MACHINE, Map.of("rounds", "2"), "now"));

    assertThat(json.at("/machine/kernel").asText()).isEqualTo("Linux 6.1");
    assertThat(json.at("/versions/iperf3").asText()).isEqualTo("iperf 3.12");
    assertThat(json.at("/rows/0/series/0/values").toString()).isEqualTo("[6.0,8.0]");
    assertThat(json.at("/rows/0/verdicts/0/median").asDouble()).isEqualTo(0.7);
    assertThat(json.at("/rows/0/verdicts/0/met").asBoolean()).isFalse();
    assertThat(json.at("/failures/0").asText()).isEqualTo("dns: knot ended");
  }
}
