package io.podwire.agent.tunnel;

import io.podwire.linux.Errno;
import io.podwire.linux.LinuxException;
import io.podwire.linux.UdpSocket;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.vxlan.TunnelSocket;
import io.podwire.packet.addr.IpAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The VTEP's UDP sockets: one bound to the VXLAN port for what arrives, and several to send from,
 * so that the outer source port tells flows apart (RFC 7348, section 5: ports 49152-65535).
 *
 * <p>All are bound to the node's address, never to the wildcard. Not thread-safe; confined to the
 * node's event loop.
 */
final class TunnelSockets implements TunnelSocket, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TunnelSockets.class);

  private static final int FIRST_SOURCE_PORT = 49_152;
  private static final int LAST_SOURCE_PORT = 60_999;
  private static final int BUFFER_OCTETS = 4 << 20;

  private final FrameMemory memory;
  private final UdpSocket arrivals;
  private final List<UdpSocket> senders = new ArrayList<>();
  private boolean sendsSegments;

  TunnelSockets(IpAddress address, int port, FrameMemory memory, Offloads offloads) {
    this.memory = memory;
    this.arrivals = open(address, port);
    offloads.coalesce(arrivals);
    this.sendsSegments = offloads.canSendSegments(arrivals);
    try {
      int candidate = FIRST_SOURCE_PORT;
      while (senders.size() < FLOW_BUCKETS && candidate <= LAST_SOURCE_PORT) {
        try {
          senders.add(open(address, candidate));
        } catch (LinuxException taken) {
          // Somebody else's port; the next one does as well, unless none does.
          if (candidate == LAST_SOURCE_PORT && senders.isEmpty()) {
            throw taken;
          }
        }
        candidate++;
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private static UdpSocket open(IpAddress address, int port) {
    UdpSocket socket = UdpSocket.bind(address, port);
    socket.setReceiveBuffer(BUFFER_OCTETS);
    socket.setSendBuffer(BUFFER_OCTETS);
    // A VTEP never fragments (RFC 7348, section 4.3).
    socket.setMtuDiscovery(UdpSocket.MtuDiscovery.INTERFACE);
    return socket;
  }

  UdpSocket arrivals() {
    return arrivals;
  }

  @Override
  public ByteBuffer buffer(int capacity) {
    return memory.outgoing();
  }

  @Override
  public boolean send(IpAddress address, int port, int flowBucket, Frame payload) {
    UdpSocket sender = senders.get(flowBucket % senders.size());
    int length = payload.length();
    long from = memory.nativeAddress(payload);
    int size = payload.segmentSize();
    if (size == 0) {
      return sender.send(address, port, from, length) == length;
    }
    if (sendsSegments) {
      int result = sender.sendSegments(address, port, from, length, size);
      if (result != -Errno.EIO && result != -Errno.EINVAL) {
        return result == length;
      }
      if (result == -Errno.EIO) {
        // A link that does no checksums, or IPsec on the way (ip(7) has no way to ask).
        sendsSegments = false;
        LOG.info("the node network takes no UDP_SEGMENT: datagrams go one by one, more slowly");
      }
    }
    boolean sent = true;
    for (int at = 0; at < length; at += size) {
      int part = Math.min(size, length - at);
      sent &= sender.send(address, port, from + at, part) == part;
    }
    return sent;
  }

  @Override
  public void close() {
    arrivals.close();
    senders.forEach(UdpSocket::close);
  }
}
