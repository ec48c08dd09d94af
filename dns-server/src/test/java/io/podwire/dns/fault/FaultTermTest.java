package io.podwire.dns.fault;

import static io.podwire.dns.fault.TestFaults.between;
import static io.podwire.dns.fault.TestFaults.effect;
import static io.podwire.dns.fault.TestFaults.fault;
import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.cluster.fault.DnsEffect;
import io.podwire.cluster.model.NetworkFault;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultTermTest {
  private static final NetworkFault FAULT = fault("slow", effect(DnsEffect.Action.DELAY));
  private static final long NANOS = Long.MAX_VALUE - 5;

  private static long seconds(long seconds) {
    return TimeUnit.SECONDS.toNanos(seconds);
  }

  /** Seconds since the epoch. */
  @ParameterizedTest
  @CsvSource({
    "1000, 1030, 1000, 30",
    "1000, 1030, 1020, 10",
    // This host's clock is an hour behind, or an hour ahead.
    "5000, 5030, 1400, 30",
    "1000, 1030, 4600, 0",
    "1000, 900, 1000, 0",
    "0, 9000000000000, 1000, 3155760000",
  })
  void shouldEndAtItsDeadlineAndNeverLastLongerThanItsLength(
      long start, long deadline, long now, long left) {
    FaultTerm term = FaultTerm.of(between(FAULT, start * 1000, deadline * 1000), now * 1000, NANOS);

    assertThat(term.left(NANOS, NANOS - seconds(500))).isEqualTo(seconds(left));
    assertThat(term.left(NANOS + seconds(left), NANOS)).isZero();
  }

  @Test
  void shouldEndWithTheLeaseWhereItHasNoDeadline() {
    FaultTerm term = FaultTerm.of(FAULT, 0, NANOS);

    assertThat(term.left(NANOS, NANOS)).isEqualTo(seconds(10));
    assertThat(term.left(NANOS + seconds(8), NANOS + seconds(5))).isEqualTo(seconds(7));
    assertThat(term.left(NANOS + seconds(10), NANOS)).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    // A heartbeat after five seconds moves it on by five; whatever this host's clock says.
    "1000, 1005, 1015, 10",
    "400, 405, 1015, 10",
    "1000, 1005, 1007, 2",
    "1000, 1005, 1004, 0",
    "1000, 1005, 1010, 5",
  })
  void shouldMoveWithItsDeadline(long heard, long now, long deadline, long left) {
    FaultTerm first = FaultTerm.of(between(FAULT, 1_000_000, 1_010_000), heard * 1000, NANOS);
    long later = NANOS + seconds(now - heard);

    FaultTerm moved =
        first.followedBy(between(FAULT, 1_000_000, deadline * 1000), now * 1000, later);

    assertThat(moved.left(later, NANOS)).isEqualTo(seconds(left));
  }

  @Test
  void shouldTakeOnAndLoseADeadline() {
    NetworkFault held = between(FAULT, 1000, 6000);
    FaultTerm term = FaultTerm.of(FAULT, 1000, NANOS).followedBy(held, 1000, NANOS);
    assertThat(term.left(NANOS, NANOS)).isEqualTo(seconds(5));
    assertThat(term.followedBy(FAULT, 1000, NANOS).left(NANOS, NANOS)).isEqualTo(seconds(10));
  }
}
