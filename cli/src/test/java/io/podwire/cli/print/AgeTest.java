package io.podwire.cli.print;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgeTest {
  @ParameterizedTest
  @CsvSource({
    "-5, 0s",
    "0, 0s",
    "119, 119s",
    "120, 2m",
    "125, 2m5s",
    "599, 9m59s",
    "600, 10m",
    "10799, 179m",
    "10800, 3h",
    "11000, 3h3m",
    "28800, 8h",
    "172799, 47h",
    "172800, 2d",
    "180000, 2d2h",
    "691200, 8d",
    "63071999, 729d",
    "63072000, 2y",
    "70000000, 2y80d",
    "252288000, 8y"
  })
  void shouldBeShorterTheLongerAgo(long seconds, String expected) {
    assertThat(Age.text(Duration.ofSeconds(seconds))).isEqualTo(expected);
  }

  @Test
  void shouldNotFailOnOddTimestamps() {
    assertThat(Age.since("yesterday", Instant.EPOCH)).isEqualTo("<unknown>");
    assertThat(Age.since("", Instant.EPOCH)).isEqualTo("<unknown>");
  }
}
