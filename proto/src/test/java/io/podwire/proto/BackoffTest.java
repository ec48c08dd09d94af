package io.podwire.proto;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BackoffTest {

  @Test
  void shouldTryEveryAddressOfARoundWithoutWaiting() {
    Backoff backoff = new Backoff(3, new SplittableRandom(1));

    assertThat(backoff.afterFailure()).isZero();
    assertThat(backoff.afterFailure()).isZero();
    assertThat(backoff.afterFailure()).isPositive();
    assertThat(backoff.afterFailure()).isZero();
  }

  @Test
  void shouldGrowUpToTheLongestWaitAndNeverBeyond() {
    Backoff backoff = new Backoff(1, new SplittableRandom(1));

    Duration wait = backoff.afterFailure();
    assertThat(wait).isLessThanOrEqualTo(Backoff.FIRST);
    for (int i = 0; i < 100; i++) {
      wait = backoff.afterFailure();
      assertThat(wait).isLessThanOrEqualTo(Backoff.LONGEST);
    }
    assertThat(wait).isGreaterThan(Backoff.LONGEST.dividedBy(2));
  }

  @Test
  void shouldStartAgainAfterASuccess() {
    Backoff backoff = new Backoff(1, new SplittableRandom(1));
    for (int i = 0; i < 10; i++) {
      backoff.afterFailure();
    }

    backoff.succeeded();

    assertThat(backoff.afterFailure()).isLessThanOrEqualTo(Backoff.FIRST);
  }
}
