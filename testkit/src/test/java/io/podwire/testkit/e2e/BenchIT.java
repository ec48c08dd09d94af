package io.podwire.testkit.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark works from end to end; what it measures is nothing that a test could judge. */
class BenchIT {

  @TempDir Path scratch;

  @BeforeEach
  void check() throws IOException {
    Tools.assumeRoot();
  }

  @Test
  void shouldComparePodwireWithTheKernelAndLeaveNothingBehind() throws Exception {
    PodwireCommand podwire = new PodwireCommand(scratch);
    Leftovers leftovers = new Leftovers(podwire.home());
    Path report = scratch.resolve("report.json");

    PodwireCommand.Result bench =
        podwire
            .run(
                Duration.ofSeconds(90),
                "bench",
                "--only=ping",
                "--rounds=1",
                "--seconds=1",
                "--json=" + report)
            .succeeded();

    assertThat(bench.out()).contains("ping, two nodes, median", "podwire / kernel");
    assertThat(report).content().contains("\"ping-median\"", "\"kernel\"", "\"versions\"");
    assertThat(leftovers.remaining()).isEmpty();
  }

  @Test
  void shouldTellEveryMistakeAtOnce() throws Exception {
    PodwireCommand podwire = new PodwireCommand(scratch);

    PodwireCommand.Result bench = podwire.run("bench", "--only=speed", "--rounds=0");

    assertThat(bench.exitCode()).isEqualTo(2);
    assertThat(bench.err()).contains("--only speed: no such topic", "--rounds 0: must be 1-100");
  }
}
