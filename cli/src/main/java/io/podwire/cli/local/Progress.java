package io.podwire.cli.local;

import java.io.PrintWriter;

/**
 * Tells the user how far a long command is: one line that changes on a terminal, plain lines
 * elsewhere.
 *
 * <p>Thread-safe.
 */
public final class Progress {
  private static final String CLEAR_LINE = "\r\033[K";

  private final PrintWriter out;
  private final boolean terminal;
  private boolean pending;

  /** Progress on the writer. */
  public Progress(PrintWriter out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** What is being waited for; shown on a terminal only. */
  public synchronized void waiting(String text) {
    if (terminal) {
      out.print(CLEAR_LINE + text + " ...");
      out.flush();
      pending = true;
    }
  }

  /** Something that is done, or that the user should know; a line of its own. */
  public synchronized void line(String text) {
    clear();
    out.println(text);
    out.flush();
  }

  /** Takes the changing line away. */
  public synchronized void clear() {
    if (pending) {
      out.print(CLEAR_LINE);
      out.flush();
      pending = false;
    }
  }
}
