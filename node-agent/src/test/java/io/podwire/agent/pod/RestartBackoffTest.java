package io.podwire.agent.pod;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RestartBackoffTest {

  private static final Duration SHORT_RUN = Duration.ofSeconds(2);

  private final RestartBackoff backoff = new RestartBackoff();

  private Stream<Long> waits(int count) {
    return Stream.generate(() -> backoff.afterRun(SHORT_RUN).toSeconds()).limit(count);
  }

  @Test
  void shouldDoubleFromTenSecondsToFiveMinutes() {
    assertThat(waits(8)).containsExactly(0L, 10L, 20L, 40L, 80L, 160L, 300L, 300L);
  }

  @Test
  void shouldStartOverAfterALongRun() {
    assertThat(waits(5)).contains(80L);
    assertThat(backoff.afterRun(Duration.ofMinutes(10).minusMillis(1))).hasSeconds(160);
    assertThat(backoff.afterRun(Duration.ofMinutes(10))).isZero();
    assertThat(backoff.afterRun(SHORT_RUN)).hasSeconds(10);
  }

  @Test
  void shouldGoOnWhereAnEarlierAgentWas() {
    assertThat(RestartBackoff.afterRestarts(0).afterRun(SHORT_RUN)).isZero();
    assertThat(RestartBackoff.afterRestarts(3).afterRun(SHORT_RUN)).hasSeconds(40);
    assertThat(RestartBackoff.afterRestarts(1000).afterRun(SHORT_RUN)).hasSeconds(300);
  }
}
