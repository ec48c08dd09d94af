package io.podwire.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LineLayoutTest {

  private final LineLayout layout = new LineLayout();

  @Test
  void shouldNameTimeLevelThreadAndClass() {
    assertThat(layout.doLayout(event(Level.WARN, null)))
        .isEqualTo("01:02:03.004 WARN  [main] Some: it rains\n");
    assertThat(layout.doLayout(event(Level.ERROR, null)))
        .isEqualTo("01:02:03.004 ERROR [main] Some: it rains\n");
  }

  @Test
  void shouldEndWithTheStackTrace() {
    assertThat(layout.doLayout(event(Level.ERROR, new IllegalStateException("wet"))))
        .contains("it rains\njava.lang.IllegalStateException: wet\n\tat io.podwire");
  }

  private static LoggingEvent event(Level level, @Nullable Throwable failure) {
    LoggingEvent event =
        new LoggingEvent(
            "",
            new LoggerContext().getLogger("a.b.Some"),
            level,
            "it {}",
            failure,
            new Object[] {"rains"});
    event.setThreadName("main");
    event.setInstant(
        LocalDate.of(2026, 1, 2)
            .atTime(LocalTime.of(1, 2, 3, 4_000_000))
            .atZone(ZoneId.systemDefault())
            .toInstant());
    return event;
  }
}
