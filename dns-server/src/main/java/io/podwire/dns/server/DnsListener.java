package io.podwire.dns.server;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoEventLoopGroup;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.LengthFieldPrepender;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.timeout.IdleStateHandler;
import io.podwire.dns.handler.DnsCounters;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One address served over UDP and TCP alike (RFC 7766). */
public final class DnsListener implements AutoCloseable {
  private static final int LENGTH_FIELD = 2;

  /** A port that is free for TCP may be somebody's for UDP; where any will do, another may not. */
  private static final int PORT_ATTEMPTS = 16;

  private final Channel tcp;
  private final @Nullable UdpSockets udp;
  private final AtomicReference<@Nullable SslContext> encryption;

  private DnsListener(
      Channel tcp, @Nullable UdpSockets udp, AtomicReference<@Nullable SslContext> encryption) {
    this.tcp = tcp;
    this.udp = udp;
    this.encryption = encryption;
  }

  /**
   * Starts to listen; port 0 takes any port that is free for both.
   *
   * @param group whose loops share the work
   * @throws BindFailure if the address or the port cannot be had
   */
  public static DnsListener open(
      InetSocketAddress address,
      IoEventLoopGroup group,
      IoTransport transport,
      Responder responder,
      ServerLimits limits,
      DnsCounters counters) {
    for (int attempt = 1; ; attempt++) {
      // First the one that no two can have: sockets for UDP that share a port would get along.
      AtomicReference<@Nullable SslContext> plain = new AtomicReference<>();
      Channel tcp = tcp(address, group, transport, responder, limits, counters, plain);
      try {
        InetSocketAddress same = (InetSocketAddress) tcp.localAddress();
        UdpSockets udp =
            UdpSockets.open(
                new InetSocketAddress(address.getAddress(), same.getPort()),
                group,
                transport,
                responder,
                limits,
                counters);
        return new DnsListener(tcp, udp, plain);
      } catch (BindFailure e) {
        tcp.close().awaitUninterruptibly();
        if (address.getPort() != 0 || attempt == PORT_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /**
   * Starts to listen for connections that are encrypted (DNS over TLS, RFC 7858).
   *
   * @throws BindFailure if the address or the port cannot be had
   */
  public static DnsListener openTls(
      InetSocketAddress address,
      IoEventLoopGroup group,
      IoTransport transport,
      Responder responder,
      ServerLimits limits,
      DnsCounters counters,
      SslContext tls) {
    AtomicReference<@Nullable SslContext> encryption = new AtomicReference<>(tls);
    return new DnsListener(
        tcp(address, group, transport, responder, limits, counters, encryption), null, encryption);
  }

  /** Connections from now on get another certificate. */
  public void encryptWith(SslContext tls) {
    encryption.set(tls);
  }

  private static Channel tcp(
      InetSocketAddress address,
      IoEventLoopGroup group,
      IoTransport transport,
      Responder responder,
      ServerLimits limits,
      DnsCounters counters,
      AtomicReference<@Nullable SslContext> encryption) {
    ChannelFuture bound =
        new ServerBootstrap()
            .group(group)
            .channel(transport.server())
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_BACKLOG, 128)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childHandler(connections(responder, limits, counters, new AtomicInteger(), encryption))
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new BindFailure("TCP", address, bound.cause());
    }
    return bound.channel();
  }

  private static ChannelInitializer<Channel> connections(
      Responder responder,
      ServerLimits limits,
      DnsCounters counters,
      AtomicInteger open,
      AtomicReference<@Nullable SslContext> encryption) {
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
        SslContext tls = encryption.get();
        if (tls != null) {
          channel.pipeline().addLast(tls.newHandler(channel.alloc()));
        }
        channel
            .pipeline()
            .addLast(
                new LengthFieldBasedFrameDecoder(
                    UdpSockets.LARGEST_QUERY + LENGTH_FIELD, 0, LENGTH_FIELD, 0, LENGTH_FIELD),
                new LengthFieldPrepender(LENGTH_FIELD),
                // Sees whole messages alone: a client that sends an octet now and then is idle.
                new IdleStateHandler(0, 0, limits.idle().toMillis(), TimeUnit.MILLISECONDS),
                new TcpQueries(responder, limits.pipelined(), counters));
      }
    };
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return (InetSocketAddress) tcp.localAddress();
  }

  @Override
  public void close() {
    if (udp != null) {
      udp.close();
    }
    tcp.close().awaitUninterruptibly();
  }
}
