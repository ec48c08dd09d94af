package io.podwire.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import sun.misc.Signal;

class LibcTerminalTest {
  // Linux's struct termios: input, output, control and local flags of 32 bits each.
  private static final int LOCAL_FLAGS = 12;
  private static final int ISIG_ICANON_ECHO = 0x0b;

  @Test
  void shouldTurnEchoLineEditingAndSignalsOffAndOnAgain() throws Throwable {
    try (PseudoTerminal terminal = new PseudoTerminal()) {
      LibcTerminal device = new LibcTerminal(terminal.slave());
      byte[] before = device.attributes();
      assertThat(before[LOCAL_FLAGS] & ISIG_ICANON_ECHO).isEqualTo(ISIG_ICANON_ECHO);

      try (RawMode mode = RawMode.enter(device)) {
        assertThat(mode).isNotNull();
        assertThat(device.attributes()[LOCAL_FLAGS] & ISIG_ICANON_ECHO).isZero();
      }

      assertThat(device.attributes()).isEqualTo(before);
    }
  }

  @Test
  void shouldTellTheSizeAtOnceAndWhenItChanges() throws Throwable {
    try (PseudoTerminal terminal = new PseudoTerminal()) {
      LibcTerminal device = new LibcTerminal(terminal.slave());
      assertThat(device.size()).isEmpty();
      terminal.resize(120, 40);
      List<TerminalSize> told = new CopyOnWriteArrayList<>();
      try (WindowChanges changes = new WindowChanges(device, told::add)) {
        assertThat(changes).isNotNull();
        assertThat(told).containsExactly(new TerminalSize(120, 40));
        terminal.resize(80, 24);
        Signal.raise(new Signal("WINCH"));
        await().untilAsserted(() -> assertThat(told).last().isEqualTo(new TerminalSize(80, 24)));
      }
    }
  }

  @Test
  void shouldKnowWhatIsNoTerminal() throws Throwable {
    try (PseudoTerminal terminal = new PseudoTerminal()) {
      assertThat(LibcTerminal.isTerminal(terminal.slave())).isTrue();
    }
    assertThat(LibcTerminal.isTerminal(-1)).isFalse();
  }
}
