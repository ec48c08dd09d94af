package io.podwire.cli.terminal;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A terminal in raw mode until closed.
 *
 * <p>What was in force before comes back exactly once, however the command ends: closed, failed, or
 * ended by a signal (a shutdown hook). Thread-safe.
 */
public final class RawMode implements AutoCloseable {
  private final TerminalDevice device;
  private final byte[] before;
  private final AtomicBoolean restored = new AtomicBoolean();
  private final Thread hook;

  private RawMode(TerminalDevice device, byte[] before) {
    this.device = device;
    this.before = before;
    this.hook = new Thread(this::restore, "restore-terminal");
  }

  /** Makes the terminal raw. */
  public static RawMode enter(TerminalDevice device) {
    RawMode mode = new RawMode(device, device.attributes());
    // The hook comes first: a signal between the two lines must not leave the terminal raw.
    Runtime.getRuntime().addShutdownHook(mode.hook);
    try {
      device.apply(device.raw(mode.before));
    } catch (RuntimeException refused) {
      mode.close();
      throw refused;
    }
    return mode;
  }

  private void restore() {
    if (restored.compareAndSet(false, true)) {
      device.apply(before);
    }
  }

  @Override
  public void close() {
    try {
      restore();
    } finally {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException shuttingDown) {
        // The hook runs already, and finds its work done.
      }
    }
  }
}
