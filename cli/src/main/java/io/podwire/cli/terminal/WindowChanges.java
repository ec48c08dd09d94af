package io.podwire.cli.terminal;

import java.util.Optional;
import java.util.function.Consumer;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/** Tells the terminal's size at once and at every SIGWINCH, until closed. */
public final class WindowChanges implements AutoCloseable {
  private static final Signal WINDOW_CHANGED = new Signal("WINCH");

  private final SignalHandler before;

  /**
   * Begins to listen.
   *
   * @param listener called on the signal thread, and once on this one
   */
  public WindowChanges(TerminalDevice device, Consumer<TerminalSize> listener) {
    Runnable tell = () -> tell(device.size(), listener);
    before = Signal.handle(WINDOW_CHANGED, signal -> tell.run());
    tell.run();
  }

  private static void tell(Optional<TerminalSize> size, Consumer<TerminalSize> listener) {
    size.ifPresent(listener);
  }

  @Override
  public void close() {
    Signal.handle(WINDOW_CHANGED, before);
  }
}
