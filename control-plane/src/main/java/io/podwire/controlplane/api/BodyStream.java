package io.podwire.controlplane.api;

import java.io.IOException;

/** An answer sent piece by piece, no faster than the client reads. Used by one thread. */
interface BodyStream {

  /**
   * Sends a piece, waiting while the client does not keep up.
   *
   * @throws IOException if the client has gone
   */
  void write(byte[] piece) throws IOException, InterruptedException;

  /** Whether the client has gone. */
  boolean isClosed();

  /** Ends the answer as complete. */
  void end();

  /** Breaks the connection, so that the client sees that the answer is not complete. */
  void abort();
}
