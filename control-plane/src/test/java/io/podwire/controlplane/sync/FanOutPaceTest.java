package io.podwire.controlplane.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FanOutPaceTest {

  private static final long MILLI = 1_000_000;
  private static final long START = -5 * MILLI;

  private final FanOutPace pace = new FanOutPace();

  @Test
  void shouldTellOfTheFirstChangeAndOfOneAfterAQuietTimeAtOnce() {
    assertThat(pace.next(START, 100)).isZero();
    assertThat(pace.next(START + 50 * MILLI, 100)).isZero();
  }

  @Test
  void shouldCollectWhatFollowsForATimeThatGrowsWithTheFollowers() {
    pace.next(START, 100);
    assertThat(pace.next(START + 10 * MILLI, 100)).isEqualTo(40 * MILLI);
    assertThat(pace.next(START + 60 * MILLI, 100)).isEqualTo(40 * MILLI);
    assertThat(new FanOutPace().next(START, 2)).isZero();
  }

  @Test
  void shouldBoundTheGap() {
    pace.next(START, 100_000);
    assertThat(pace.next(START, 100_000)).isEqualTo(100 * MILLI);
  }

  @Test
  void shouldSpreadTurnsOverAPeriod() {
    long[] turns = LongStream.range(0, 100).map(n -> FanOutPace.phase(n, 1000)).sorted().toArray();
    for (int i = 1; i < turns.length; i++) {
      assertThat(turns[i] - turns[i - 1]).isBetween(3L, 25L);
    }
  }
}
