package io.podwire.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sun.misc.Signal;
import sun.misc.SignalHandler;

class InterruptionTest {

  @AfterEach
  void restore() {
    for (String name : new String[] {"INT", "TERM"}) {
      Signal.handle(new Signal(name), SignalHandler.SIG_DFL);
    }
  }

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143"})
  void shouldTellTheShellWhichSignalItWas(String name, int exitCode) {
    AtomicInteger told = new AtomicInteger();
    Interruption interruption = new Interruption();
    interruption.listen(told::incrementAndGet);
    assertThat(interruption.exitCode()).isEmpty();

    Signal.raise(new Signal(name));

    await().untilAsserted(() -> assertThat(interruption.exitCode()).hasValue(exitCode));
    await().untilAsserted(() -> assertThat(told).hasValue(1));
  }
}
