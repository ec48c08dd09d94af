package io.podwire.testkit.cluster;

import java.time.Duration;

/**
 * How a program in a Pod ended.
 *
 * @param command for messages
 * @param out its standard output
 * @param err its standard error
 * @param took by this JVM's clock, the way to the Pod and back included
 */
public record ExecResult(String command, int exitCode, String out, String err, Duration took) {

  /** Whether it exited with 0. */
  public boolean succeeded() {
    return exitCode == 0;
  }

  /**
   * Its standard output without the white space around it.
   *
   * @throws AssertionError where it exited with anything but 0
   */
  public String text() {
    if (!succeeded()) {
      throw new AssertionError(this);
    }
    return out.strip();
  }

  @Override
  public String toString() {
    return command + " exited with " + exitCode + "\n" + out + (err.isEmpty() ? "" : "\n" + err);
  }
}
