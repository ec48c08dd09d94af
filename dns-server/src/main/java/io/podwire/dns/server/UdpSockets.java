package io.podwire.dns.server;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.podwire.dns.handler.DnsCounters;
import io.podwire.linux.LinuxException;
import io.podwire.linux.UdpBatchSocket;
import io.podwire.packet.addr.IpAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One address served over UDP: by a socket on each event loop where the transport can batch, else
 * by a single one.
 */
final class UdpSockets implements AutoCloseable {

  /**
   * Octets of the largest query taken. Over UDP the rest of a larger one is cut off, which makes it
   * FORMERR; over TCP it ends the connection, so that no client can make the server hold much.
   */
  static final int LARGEST_QUERY = 4096;

  /** Datagrams taken in at once. */
  private static final int BATCH = 64;

  /**
   * Octets that the kernel keeps while the loop is busy, some 5,000 small queries; what a system
   * gives by default is full after 280.
   */
  private static final int BUFFER = 2 << 20;

  private static final SecureRandom SEEDS = new SecureRandom();

  private final List<Runnable> closers = new ArrayList<>();

  private UdpSockets() {}

  /**
   * Starts to listen.
   *
   * @throws BindFailure if the address or the port cannot be had
   */
  static UdpSockets open(
      InetSocketAddress address,
      IoEventLoopGroup group,
      IoTransport transport,
      Responder responder,
      ServerLimits limits,
      DnsCounters counters) {
    UdpSockets sockets = new UdpSockets();
    if (!transport.batches()) {
      Channel channel = channel(address, group, transport, responder, counters);
      sockets.closers.add(() -> channel.close().awaitUninterruptibly());
      return sockets;
    }
    // All are bound before any is read, so that no flow goes from one to another.
    List<UdpBatchSocket> bound = new ArrayList<>();
    try {
      for (EventExecutor loop : group) {
        bound.add(bound(address));
      }
    } catch (LinuxException e) {
      bound.forEach(UdpBatchSocket::close);
      throw new BindFailure("UDP", address, e);
    }
    int next = 0;
    for (EventExecutor loop : group) {
      BatchedQueries queries =
          new BatchedQueries(
              bound.get(next++),
              (IoEventLoop) loop,
              responder,
              limits,
              new SplittableRandom(SEEDS.nextLong()),
              counters);
      sockets.closers.add(queries::close);
    }
    return sockets;
  }

  private static UdpBatchSocket bound(InetSocketAddress address) {
    UdpBatchSocket socket =
        UdpBatchSocket.bindShared(
            IpAddress.of(address.getAddress().getAddress()),
            address.getPort(),
            BATCH,
            LARGEST_QUERY);
    socket.setReceiveBuffer(BUFFER);
    socket.setSendBuffer(BUFFER);
    return socket;
  }

  private static Channel channel(
      InetSocketAddress address,
      IoEventLoopGroup group,
      IoTransport transport,
      Responder responder,
      DnsCounters counters) {
    ChannelFuture bound =
        new Bootstrap()
            .group(group)
            .channel(transport.datagram())
            .option(ChannelOption.SO_RCVBUF, BUFFER)
            .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(LARGEST_QUERY))
            .handler(new UdpQueries(responder, counters))
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new BindFailure("UDP", address, bound.cause());
    }
    return bound.channel();
  }

  @Override
  public void close() {
    closers.forEach(Runnable::run);
  }
}
