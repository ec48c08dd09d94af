package io.podwire.cli.terminal;

import java.util.Optional;

/** What the kernel keeps for a terminal (termios(3)); attributes are opaque to everyone else. */
public interface TerminalDevice {

  /** The attributes now in force. */
  byte[] attributes();

  /** Puts attributes in force once written output is out. */
  void apply(byte[] attributes);

  /** The same attributes without line editing, echo, signals and translations (cfmakeraw(3)). */
  byte[] raw(byte[] attributes);

  /** The window's size, where the terminal knows it. */
  Optional<TerminalSize> size();
}
