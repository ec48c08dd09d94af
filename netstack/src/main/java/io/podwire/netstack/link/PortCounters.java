package io.podwire.netstack.link;

/**
 * Traffic of one port as its owner sees it: received is what came in from the attached device.
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
public final class PortCounters {

  private long receivedPackets;
  private long receivedBytes;
  private long sentPackets;
  private long sentBytes;
  private long dropped;

  /** Counts a frame as the packets that it is on a link. */
  public void received(Frame frame) {
    received(frame.packets(), frame.wireLength());
  }

  public void received(int packets, int bytes) {
    receivedPackets += packets;
    receivedBytes += bytes;
  }

  public void sent(int packets, int bytes) {
    sentPackets += packets;
    sentBytes += bytes;
  }

  public void dropped() {
    dropped++;
  }

  public long receivedPackets() {
    return receivedPackets;
  }

  public long receivedBytes() {
    return receivedBytes;
  }

  public long sentPackets() {
    return sentPackets;
  }

  public long sentBytes() {
    return sentBytes;
  }

  /** Frames of this port that were dropped on their way in or out. */
  public long droppedFrames() {
    return dropped;
  }
}
