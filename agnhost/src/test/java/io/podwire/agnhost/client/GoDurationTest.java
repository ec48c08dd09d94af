package io.podwire.agnhost.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class GoDurationTest {

  @Test
  void shouldReadWhatGoPrints() {
    assertThat(GoDuration.tryParse("0")).contains(Duration.ZERO);
    assertThat(GoDuration.tryParse("300ms")).contains(Duration.ofMillis(300));
    assertThat(GoDuration.tryParse("1.5s")).contains(Duration.ofMillis(1500));
    assertThat(GoDuration.tryParse("1m30s")).contains(Duration.ofSeconds(90));
    assertThat(GoDuration.tryParse("2h")).contains(Duration.ofHours(2));
  }

  @Test
  void shouldRefuseTheRest() {
    for (String text : new String[] {"", "5", "s", "1s2", "-1s", "1 s", "99999999999999h"}) {
      assertThat(GoDuration.tryParse(text)).as(text).isEmpty();
    }
  }
}
