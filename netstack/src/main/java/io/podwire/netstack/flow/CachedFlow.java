package io.podwire.netstack.flow;

import io.podwire.netstack.bridge.BridgePort;
import io.podwire.netstack.filter.Connection;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.vxlan.Vtep;
import io.podwire.packet.Checksum;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.Ipv4View;
import io.podwire.packet.TcpView;
import io.podwire.packet.UdpView;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What the slow way has done to a packet of a flow, to be done to those that follow: which headers
 * it has written, and where it has sent it.
 *
 * <p>Immutable, but for its connection. Not thread-safe; confined to the node's event loop.
 */
public final class CachedFlow {

  private static final long LOW = 0xffff_ffffL;

  /**
   * The difference of one hop to a header's sum, as {@link Ipv4View#decrementTimeToLive} has it.
   */
  private static final long HOP = 0xffff - 0x100;

  // What its packets are known by.
  private final Object from;
  private final long macs;
  private final int restOfMacs;
  private final long addresses;
  private final int ports;
  private final int protocol;
  private final @Nullable Ipv6Rewrite ipv6;

  // What is written into them.
  private final long newMacs;
  private final int newRestOfMacs;
  private final long newAddresses;
  private final int newPorts;
  private final int hops;
  private final long ipDifference;
  private final long addressDifference;
  private final long portDifference;

  // Where they go.
  private final @Nullable BridgePort port;
  private final @Nullable Vtep peer;
  private final int hash;

  final int mtu;
  final Connection connection;
  final boolean reply;
  final long generation;

  CachedFlow(
      Object from,
      FlowHeaders before,
      FlowHeaders after,
      Exit exit,
      Connection connection,
      boolean reply,
      long generation) {
    this.from = from;
    macs = before.macs;
    restOfMacs = before.restOfMacs;
    addresses = before.addresses;
    ports = before.ports;
    protocol = before.protocol;
    newMacs = after.macs;
    newRestOfMacs = after.restOfMacs;
    newAddresses = after.addresses;
    newPorts = after.ports;
    hops = before.timeToLive - after.timeToLive;
    ipv6 = protocol < FlowHeaders.IPV6_MARK ? null : new Ipv6Rewrite(before, after);
    addressDifference =
        ipv6 == null
            ? difference(addresses >>> 32, newAddresses >>> 32, LOW)
                + difference(addresses & LOW, newAddresses & LOW, LOW)
            : ipv6.difference();
    portDifference =
        difference(ports >>> 16, newPorts >>> 16, 0xffff)
            + difference(ports & 0xffff, newPorts & 0xffff, 0xffff);
    ipDifference = addressDifference + hops * HOP;
    port = exit.port;
    peer = exit.peer;
    hash = exit.hash;
    mtu = exit.mtu;
    this.connection = connection;
    this.reply = reply;
    this.generation = generation;
  }

  /** What replacing a word adds to a sum (RFC 1624, equation 3); nothing where it stays. */
  private static long difference(long from, long to, long mask) {
    return from == to ? 0 : (~from & mask) + to;
  }

  boolean isOf(Object ingress, FlowHeaders headers) {
    return addresses == headers.addresses
        && ports == headers.ports
        && protocol == headers.protocol
        && from == ingress
        && macs == headers.macs
        && restOfMacs == headers.restOfMacs
        && (ipv6 == null || ipv6.isOf(headers));
  }

  /** Whether a packet with this time to live may take as many hops. */
  boolean allows(int timeToLive) {
    return timeToLive > hops;
  }

  /** The port that its packets leave by, if any. */
  public @Nullable BridgePort port() {
    return port;
  }

  /** The node that its packets go to, if any; without this and a port they go to the kernel. */
  public @Nullable Vtep peer() {
    return peer;
  }

  /** As {@link io.podwire.netstack.filter.FlowKey#hashCode} of the tuple with which it leaves. */
  public int hash() {
    return hash;
  }

  /** Writes the headers, and cuts what follows the packet. */
  void rewrite(Frame frame, int totalLength) {
    ByteBuffer buffer = frame.buffer();
    int start = frame.start();
    frame.truncate(FlowHeaders.IP + totalLength);
    buffer.putLong(start + FlowHeaders.MAC_ADDRESSES, newMacs);
    buffer.putInt(start + FlowHeaders.REST_OF_MAC_ADDRESSES, newRestOfMacs);
    if (ipv6 != null) {
      ipv6.rewrite(buffer, start, hops);
      rewritePorts(frame, FlowHeaders.IPV6_TRANSPORT);
      return;
    }
    if (ipDifference == 0) {
      rewritePorts(frame, FlowHeaders.TRANSPORT);
      return;
    }
    int word = buffer.getInt(start + FlowHeaders.TIME_TO_LIVE);
    int checksum = Checksum.finish((~word & 0xffff) + ipDifference);
    buffer.putInt(start + FlowHeaders.TIME_TO_LIVE, (word >>> 16) - (hops << 8) << 16 | checksum);
    if (addressDifference != 0) {
      buffer.putLong(start + FlowHeaders.ADDRESSES, newAddresses);
    }
    rewritePorts(frame, FlowHeaders.TRANSPORT);
  }

  private void rewritePorts(Frame frame, int transport) {
    if ((addressDifference | portDifference) == 0) {
      return;
    }
    ByteBuffer buffer = frame.buffer();
    int start = frame.start() + transport;
    buffer.putInt(start, newPorts);
    boolean udp = (protocol & ~FlowHeaders.IPV6_MARK) == IpProtocol.UDP;
    int field = start + (udp ? UdpView.CHECKSUM_OFFSET : TcpView.CHECKSUM_OFFSET);
    int checksum = buffer.getShort(field) & 0xffff;
    // Zero means "no checksum" in UDP (RFC 768).
    if (udp && checksum == 0) {
      return;
    }
    if (!frame.checksumPending()) {
      checksum = Checksum.finish((~checksum & 0xffff) + addressDifference + portDifference);
    } else if (addressDifference != 0) {
      // The pseudo-header's sum, not complemented; the ports are summed when it is completed.
      checksum = Checksum.fold(checksum + addressDifference);
    } else {
      return;
    }
    buffer.putShort(field, (short) (udp && checksum == 0 ? 0xffff : checksum));
  }
}
