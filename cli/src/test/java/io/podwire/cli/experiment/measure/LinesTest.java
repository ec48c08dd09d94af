package io.podwire.cli.experiment.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinesTest {

  @Test
  void shouldReadTheLoadProgram() {
    assertThat(
            LoadLines.parse(
                "{\"at\":1700000000500.250,\"ms\":1.5,\"ok\":false,\"result\":\"TIMEOUT\"}"))
        .contains(new Sample(1700000000.50025, 1.5, false, "TIMEOUT"));
    assertThat(LoadLines.parse("Exception in thread main")).isEmpty();
    assertThat(LoadLines.parse("{\"at\":17000")).isEmpty();
  }

  @Test
  void shouldCountALateReplyOnce() {
    PingLines ping = new PingLines(1500, 1);
    List<Sample> samples = new ArrayList<>();
    for (String line :
        List.of(
            "PING 10.244.0.2 (10.244.0.2) 56(84) bytes of data.",
            "[100.001] 64 bytes from 10.244.0.2: icmp_seq=1 ttl=63 time=1.00 ms",
            "[102.000] no answer yet for icmp_seq=2",
            "[102.200] 64 bytes from 10.244.0.2: icmp_seq=2 ttl=63 time=1200 ms",
            "[103.000] no answer yet for icmp_seq=3",
            "[104.000] no answer yet for icmp_seq=4",
            "[105.000] From 10.244.0.1 icmp_seq=5 Destination Host Unreachable")) {
      samples.addAll(ping.parse(line));
    }

    assertThat(samples).extracting(Sample::good).containsExactly(true, true, false, false);
    assertThat(samples)
        .extracting(Sample::result)
        .containsExactly("reply", "reply", "TIMEOUT", "Destination Host Unreachable");
    assertThat(samples.get(2)).isEqualTo(new Sample(102, 1500, false, "TIMEOUT"));
  }

  @Test
  void shouldCutTheTimelineIntoWindows() {
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      samples.add(new Sample(i / 10.0, 2, i % 10 != 0, "200"));
    }

    Series series = Series.of(samples, 30);

    assertThat(series.width()).isEqualTo(0.5);
    assertThat(series.windows()).hasSize(60);
    assertThat(series.windows().stream().mapToInt(Summary::count).sum()).isEqualTo(300);
    assertThat(series.windows().stream().mapToInt(Summary::errors).sum()).isEqualTo(30);
  }

  @Test
  void shouldTellTimesOfTheTimeline() {
    SampleLog log = new SampleLog();
    log.add(new Sample(999, 1, true, ""));
    log.add(new Sample(1002, 500, true, ""));
    log.begin(1000);

    assertThat(log.within(new Span(0, 10))).containsExactly(new Sample(2, 500, true, ""));
    assertThat(log.endedSince(2.4)).hasSize(1);
    assertThat(log.endedSince(2.6)).isEmpty();
  }
}
