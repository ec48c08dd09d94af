package io.podwire.dns.server;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.LengthFieldPrepender;
import io.netty.handler.timeout.IdleStateHandler;
import io.podwire.dns.handler.DnsCounters;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** One address served over UDP and TCP alike (RFC 7766). */
public final class DnsListener implements AutoCloseable {
  private static final int LENGTH_FIELD = 2;

  /**
   * Octets of the largest query taken. Over UDP the rest of a larger one is cut off, which makes it
   * FORMERR; over TCP it ends the connection, so that no client can make the server hold much.
   */
  private static final int LARGEST_QUERY = 4096;

  private final Channel udp;
  private final Channel tcp;

  private DnsListener(Channel udp, Channel tcp) {
    this.udp = udp;
    this.tcp = tcp;
  }

  /**
   * Starts to listen; port 0 takes any port that is free for both.
   *
   * @throws BindFailure if the address or the port cannot be had
   */
  public static DnsListener open(
      InetSocketAddress address,
      EventLoopGroup group,
      IoTransport transport,
      Responder responder,
      ServerLimits limits,
      DnsCounters counters) {
    Channel udp =
        bound(
            new Bootstrap()
                .group(group)
                .channel(transport.datagram())
                .option(
                    ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(LARGEST_QUERY))
                .handler(new UdpQueries(responder, counters))
                .bind(address)
                .awaitUninterruptibly(),
            "UDP",
            address);
    try {
      InetSocketAddress same = (InetSocketAddress) udp.localAddress();
      AtomicInteger open = new AtomicInteger();
      Channel tcp =
          bound(
              new ServerBootstrap()
                  .group(group)
                  .channel(transport.server())
                  .option(ChannelOption.SO_REUSEADDR, true)
                  .option(ChannelOption.SO_BACKLOG, 128)
                  .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                  .childHandler(connections(responder, limits, counters, open))
                  .bind(new InetSocketAddress(address.getAddress(), same.getPort()))
                  .awaitUninterruptibly(),
              "TCP",
              address);
      return new DnsListener(udp, tcp);
    } catch (BindFailure e) {
      udp.close().awaitUninterruptibly();
      throw e;
    }
  }

  private static ChannelInitializer<Channel> connections(
      Responder responder, ServerLimits limits, DnsCounters counters, AtomicInteger open) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        if (open.incrementAndGet() > limits.connections()) {
          open.decrementAndGet();
          counters.increment("dropped.connection_cap");
          channel.close();
          return;
        }
        channel.closeFuture().addListener(closed -> open.decrementAndGet());
        channel
            .pipeline()
            .addLast(
                new IdleStateHandler(0, 0, limits.idle().toMillis(), TimeUnit.MILLISECONDS),
                new LengthFieldBasedFrameDecoder(
                    LARGEST_QUERY + LENGTH_FIELD, 0, LENGTH_FIELD, 0, LENGTH_FIELD),
                new LengthFieldPrepender(LENGTH_FIELD),
                new TcpQueries(responder, limits.pipelined(), counters));
      }
    };
  }

  private static Channel bound(ChannelFuture future, String protocol, InetSocketAddress address) {
    if (!future.isSuccess()) {
      throw new BindFailure(protocol, address, future.cause());
    }
    return future.channel();
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return (InetSocketAddress) udp.localAddress();
  }

  @Override
  public void close() {
    udp.close().awaitUninterruptibly();
    tcp.close().awaitUninterruptibly();
  }
}
