package io.podwire.testkit.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job: one command that shows the cluster's network step by step. */
class DemoIT {

  @TempDir Path scratch;

  @BeforeEach
  void check() throws IOException {
    Tools.assumeRoot();
  }

  @Test
  void shouldHoldEveryStepAndLeaveNothingBehind() throws Exception {
    PodwireCommand podwire = new PodwireCommand(scratch);
    Leftovers leftovers = new Leftovers(podwire.home());

    PodwireCommand.Result demo = podwire.run(Duration.ofSeconds(150), "demo").succeeded();

    assertThat(demo.out()).contains("10.244.").doesNotContain("FAILED");
    assertThat(leftovers.remaining()).isEmpty();
  }

  @Test
  void shouldHoldEveryStepWithoutAnyIpv4() throws Exception {
    PodwireCommand podwire = new PodwireCommand(scratch);
    Leftovers leftovers = new Leftovers(podwire.home());

    PodwireCommand.Result demo =
        podwire.run(Duration.ofSeconds(150), "demo", "--ip-family", "ipv6").succeeded();

    assertThat(demo.out()).contains("fd00:10:244:").doesNotContain("10.244.");
    assertThat(leftovers.remaining()).isEmpty();
  }

  @Test
  void shouldHoldEveryStepOnceForEachFamily() throws Exception {
    PodwireCommand podwire = new PodwireCommand(scratch);
    Leftovers leftovers = new Leftovers(podwire.home());

    PodwireCommand.Result demo =
        podwire.run(Duration.ofSeconds(150), "demo", "--ip-family", "dual").succeeded();

    assertThat(demo.out()).contains("fd00:10:244:").contains("10.244.").doesNotContain("FAILED");
    assertThat(leftovers.remaining()).isEmpty();
  }
}
