package io.podwire.agent.tunnel;

import io.podwire.linux.Icmpv6Socket;
import io.podwire.linux.LinuxException;
import io.podwire.netstack.gateway.GatewayConfig;
import io.podwire.netstack.link.Frame;
import io.podwire.packet.EtherType;
import io.podwire.packet.EthernetView;
import io.podwire.packet.Icmpv6Type;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.Ipv6View;
import io.podwire.packet.addr.IpAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What comes back over ICMPv6 for Pods' packets that left the cluster with the node's address: echo
 * replies and errors. Policy routing, which steers TCP and UDP to the gateway, tells ICMPv6's types
 * not apart, and the node's neighbour discovery must stay where it is; so the gateway gets copies.
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
final class Icmpv6Answers implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Icmpv6Answers.class);

  private static final int HEADERS = EthernetView.HEADER_LENGTH + Ipv6View.HEADER_LENGTH;
  private static final int HOPS = 64;

  private final GatewayConfig config;
  private final IpAddress node;
  private final Icmpv6Socket socket;
  private final FrameMemory memory;
  private final EthernetView ethernet = new EthernetView();
  private final Ipv6View ip = new Ipv6View();

  private Icmpv6Answers(
      GatewayConfig config, IpAddress node, Icmpv6Socket socket, FrameMemory memory) {
    this.config = config;
    this.node = node;
    this.socket = socket;
    this.memory = memory;
  }

  /** In the calling thread's namespace; null for a node without IPv6, or without the right to. */
  static @Nullable Icmpv6Answers open(GatewayConfig config, FrameMemory memory) {
    IpAddress node = config.node(false);
    if (node == null) {
      return null;
    }
    try {
      Icmpv6Socket socket =
          Icmpv6Socket.bind(
              node,
              Icmpv6Type.ECHO_REPLY,
              Icmpv6Type.UNREACHABLE,
              Icmpv6Type.PACKET_TOO_BIG,
              Icmpv6Type.TIME_EXCEEDED,
              Icmpv6Type.PARAMETER_PROBLEM);
      return new Icmpv6Answers(config, node, socket, memory);
    } catch (LinuxException e) {
      LOG.info("Pods get no ICMPv6 from outside of the cluster: {}", e.getMessage());
      return null;
    }
  }

  int descriptor() {
    return socket.descriptor();
  }

  /** The next one as a frame of the node's kernel; null where none waits. */
  @Nullable Frame next() {
    int start = Frame.HEADROOM + HEADERS;
    int length = socket.receive(memory.address(start), memory.room(start));
    if (length < 0) {
      return null;
    }
    Frame frame = memory.frame();
    frame.reset(Frame.HEADROOM, HEADERS + length);
    ethernet
        .wrap(frame.buffer(), frame.start(), frame.length())
        .set(config.gatewayMac().value(), config.kernelMac().value(), EtherType.IPV6);
    int at = frame.start() + EthernetView.HEADER_LENGTH;
    ip.wrap(frame.buffer(), at, frame.end() - at)
        .setTraffic(0, 0)
        .setPayloadLength(length)
        .setNextHeader(IpProtocol.ICMPV6)
        .setHopLimit(HOPS)
        .setSource(socket.sourceHigh(), socket.sourceLow())
        .setDestination(node.high(), node.low());
    return frame;
  }

  @Override
  public void close() {
    socket.close();
  }
}
