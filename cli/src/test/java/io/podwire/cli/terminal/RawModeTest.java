package io.podwire.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RawModeTest {
  private static final byte[] COOKED = {1, 2, 3};
  private static final byte[] RAW = {0, 0, 0};

  @Test
  void shouldRestoreExactlyOnceWhatWasInForce() {
    RecordingDevice device = new RecordingDevice(false);

    RawMode mode = RawMode.enter(device);
    assertThat(device.applied).containsExactly(RAW);
    mode.close();
    mode.close();

    assertThat(device.applied).containsExactly(RAW, COOKED);
  }

  @Test
  void shouldRestoreWhereTheCommandFails() {
    RecordingDevice device = new RecordingDevice(false);

    assertThatThrownBy(
            () -> {
              try (RawMode mode = RawMode.enter(device)) {
                throw new IllegalStateException("broke off in " + mode);
              }
            })
        .hasMessageStartingWith("broke off");

    assertThat(device.applied).containsExactly(RAW, COOKED);
  }

  @Test
  void shouldRestoreWhereRawModeIsRefusedHalfway() {
    RecordingDevice device = new RecordingDevice(true);

    assertThatThrownBy(() -> RawMode.enter(device)).hasMessage("refused");

    assertThat(device.applied).containsExactly(RAW, COOKED);
  }

  private static final class RecordingDevice implements TerminalDevice {
    private final List<byte[]> applied = new ArrayList<>();
    private final boolean refusesRaw;

    RecordingDevice(boolean refusesRaw) {
      this.refusesRaw = refusesRaw;
    }

    @Override
    public byte[] attributes() {
      return COOKED;
    }

    @Override
    public void apply(byte[] attributes) {
      applied.add(attributes);
      if (refusesRaw && attributes == RAW) {
        throw new IllegalStateException("refused");
      }
    }

    @Override
    public byte[] raw(byte[] attributes) {
      assertThat(attributes).isEqualTo(COOKED);
      return RAW;
    }

    @Override
    public Optional<TerminalSize> size() {
      return Optional.empty();
    }
  }
}
