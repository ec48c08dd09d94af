package io.podwire.netstack.link;

/**
 * Where a frame leaves the netstack: a TAP, a capture, a test.
 *
 * <p>The frame is only lent: it must be written out or copied before the call returns.
 */
@FunctionalInterface
public interface FrameSink {

  /**
   * Takes a frame.
   *
   * @return false where it could not be taken, which the caller counts
   */
  boolean transmit(Frame frame);
}
