package io.podwire.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podwire.bench.program.BenchFailure;
import org.junit.jupiter.api.Test;

class VitalsTest {

  @Test
  void shouldAddTheGenerations() {
    String info =
        """
        4711:
        DefNew     total 2816K, used 53K [0x00000000fa000000, 0x00000000fa300000)
         eden space 2560K,   2% used [0x00000000fa000000, 0x00000000fa00d6b8)
        Tenured    total 13912K, used 8139K [0x00000000fa300000, 0x00000000fb096000)
         the  space 13912K,  59% used [0x00000000fa300000, 0x00000000fab26ad8)
        """;

    assertThat(Vitals.heap(info)).isEqualTo(8);
    assertThatThrownBy(() -> Vitals.heap("4711:\n")).isInstanceOf(BenchFailure.class);
  }

  @Test
  void shouldFindWhatTheProgramTookItself() {
    String summary =
        """
        -                  Internal (reserved=1250KB, committed=1250KB)
                                    (malloc=1246KB tag=Internal #1782) (at peak)

        -                     Other (reserved=1536KB, committed=512KB)
        """;

    assertThat(Vitals.direct(summary)).isEqualTo(0.5);
    assertThatThrownBy(() -> Vitals.direct("Native memory tracking is not enabled"))
        .isInstanceOf(BenchFailure.class);
  }
}
