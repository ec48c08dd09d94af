package io.podwire.bench.program;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CpuClockTest {

  @Test
  void shouldAddWhatIsWorkAndNothingElse() {
    // user nice system idle iowait irq softirq steal guest guest_nice
    String line = "cpu  100 20 300 90000 8000 5 75 6000 40 1";

    assertThat(CpuClock.busySeconds(line)).isEqualTo(5.0);
  }

  @Test
  void shouldReadThisMachines() {
    assertThat(CpuClock.busySeconds()).isPositive();
  }
}
