package io.podwire.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.podwire.bench.program.BenchFailure;
import org.junit.jupiter.api.Test;

class IperfReportTest {

  @Test
  void shouldTakeWhatWasReceivedOfOneStream() {
    IperfReport report = IperfReport.parse(GoldenOutput.read("iperf3-tcp.json"));

    assertThat(report.bitsPerSecond()).isCloseTo(10_732_888_326.9, within(0.1));
    assertThat(report.bytes()).isEqualTo(2_687_677_572.0);
    assertThat(report.seconds()).isEqualTo(2.003321);
    assertThat(report.packets()).isZero();
  }

  @Test
  void shouldAddBothDirections() {
    IperfReport report = IperfReport.parse(GoldenOutput.read("iperf3-bidir.json"));

    assertThat(report.bitsPerSecond()).isCloseTo(10_130_703_715.8 + 10_354_099_541.1, within(0.2));
    assertThat(report.bytes()).isEqualTo(2_535_699_944.0 + 2_591_615_584.0);
  }

  @Test
  void shouldCountOnlyDeliveredPackets() {
    IperfReport report = IperfReport.parse(GoldenOutput.read("iperf3-udp.json"));

    assertThat(report.lost()).isEqualTo(12_248);
    assertThat(report.packets()).isEqualTo(377_907 - 12_248);
    assertThat(report.packetsPerSecond()).isCloseTo(365_659 / 2.000092, within(0.001));
  }

  @Test
  void shouldSayWhatWentWrong() {
    assertThatExceptionOfType(BenchFailure.class)
        .isThrownBy(() -> IperfReport.parse("{\"error\": \"unable to connect to server\"}"))
        .withMessageContaining("unable to connect");
    assertThatExceptionOfType(BenchFailure.class)
        .isThrownBy(() -> IperfReport.parse("Segmentation fault"))
        .withMessageContaining("no JSON");
    assertThatExceptionOfType(BenchFailure.class)
        .isThrownBy(() -> IperfReport.parse("{}"))
        .withMessageContaining("no result");
  }
}
