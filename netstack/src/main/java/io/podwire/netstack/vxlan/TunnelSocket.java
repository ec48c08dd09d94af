package io.podwire.netstack.vxlan;

import io.podwire.netstack.link.Frame;
import io.podwire.packet.addr.IpAddress;
import java.nio.ByteBuffer;

/** Where encapsulated frames leave: the node's UDP sockets. */
@FunctionalInterface
public interface TunnelSocket {

  /** Flows are told apart by so many outer source ports. */
  int FLOW_BUCKETS = 64;

  /**
   * Sends datagrams whose payloads, VXLAN headers included, are the frame: one, or where the frame
   * has a segment size several of that length, the last of which may be shorter.
   *
   * @param address outer destination
   * @param port outer UDP destination port
   * @param flowBucket of the inner flow, 0 to {@link #FLOW_BUCKETS} - 1, from which the outer
   *     source port is chosen
   * @return false where it could not be sent, which the caller counts
   */
  boolean send(IpAddress address, int port, int flowBucket, Frame payload);

  /** A buffer to build payloads in; the socket's owner may have one that sends faster. */
  default ByteBuffer buffer(int capacity) {
    return ByteBuffer.allocate(capacity);
  }
}
