package io.podwire.dns.forward;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.LengthFieldPrepender;
import io.netty.handler.ssl.SslContext;
import io.podwire.dns.handler.DnsCounters;
import io.podwire.dns.metrics.Metrics;
import io.podwire.dns.server.IoTransport;
import io.podwire.packet.dns.DnsCodec;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.Edns;
import io.podwire.packet.dns.Rdata;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Asks over UDP, and over TCP where that is wanted or the answer came truncated; over TLS those
 * that are asked so.
 *
 * <p>Over UDP each question has a socket, and so a source port, of its own and a random id (RFC
 * 5452); the socket is connected, so that the kernel drops what other addresses send. Connections
 * are kept for a while. Thread-safe if the source of randomness is.
 */
final class UpstreamClient implements Exchange {
  private static final int LENGTH_FIELD = 2;

  /** Some upstreams send more than the size that they were told. */
  private static final int LARGEST_ANSWER = 4096;

  private final EventLoopGroup group;
  private final IoTransport transport;
  private final Duration timeout;
  private final int udpPayload;
  private final RandomGenerator random;
  private final DnsCounters counters;
  private final Metrics metrics;
  private final @Nullable InetSocketAddress source;
  private final IdleConnections idle;

  /**
   * A client.
   *
   * @param timeout for each attempt
   * @param connections how long and how many of them are kept, and from where they come
   */
  UpstreamClient(
      EventLoopGroup group,
      IoTransport transport,
      Duration timeout,
      ForwardRules.Connections connections,
      int udpPayload,
      RandomGenerator random,
      DnsCounters counters,
      Metrics metrics) {
    this.metrics = metrics;
    this.group = group;
    this.transport = transport;
    this.timeout = timeout;
    this.udpPayload = udpPayload;
    this.random = random;
    this.counters = counters;
    this.source =
        connections.source() == null ? null : new InetSocketAddress(connections.source(), 0);
    this.idle = new IdleConnections(connections);
  }

  /** Cookies, keepalive and padding are between neighbours alone (RFC 7873, 7828, 7830). */
  static boolean isHandedOn(int option) {
    return option < 10 || option > 12;
  }

  @Override
  public CompletionStage<DnsMessage> ask(
      Upstream.Target target, DnsMessage query, boolean overTcp) {
    DnsMessage plain = query.withoutEdns();
    int flags = query.edns().map(Edns::flags).orElse(0) & Edns.DNSSEC_OK;
    List<Rdata.Opt.Option> options =
        query.edns().stream()
            .flatMap(edns -> edns.options().stream())
            .filter(each -> isHandedOn(each.code()))
            .toList();
    DnsMessage question =
        plain
            .withHeader(plain.header().withId(random.nextInt(0x10000)))
            .withEdns(new Edns(udpPayload, 0, 0, flags, options));
    if (overTcp || target.tls() != null) {
      return overTcp(target, question);
    }
    return overUdp(target.address(), question)
        .thenCompose(answer -> {
          if (!answer.header().isTruncated()) {
            return CompletableFuture.completedFuture(answer);
          }
          counters.increment("forward.tcp_retries");
          return overTcp(target, question);
        });
  }

  private CompletableFuture<DnsMessage> overUdp(InetSocketAddress upstream, DnsMessage question) {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(group)
            .channel(transport.datagram())
            .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(LARGEST_ANSWER));
    return exchange(
        bootstrap,
        upstream,
        question,
        (channel, answers) -> channel.pipeline().addLast(new DatagramContent(), answers));
  }

  private CompletableFuture<DnsMessage> overTcp(Upstream.Target target, DnsMessage question) {
    Channel kept = idle.take(target);
    metrics
        .counter(
            kept != null ? "proxy_conn_cache_hits" : "proxy_conn_cache_misses",
            "Questions by whether there was a connection for them.",
            "proxy_name",
            "forward",
            "to",
            target.toString(),
            "proto",
            target.tls() == null ? "tcp" : "tcp-tls")
        .increment();
    if (kept != null) {
      CompletableFuture<DnsMessage> answer = new CompletableFuture<>();
      kept.pipeline().addLast(new AnswerReader(question, answer, counters));
      write(kept, question, answer);
      // The other side may have closed it just now: that says nothing of the upstream.
      return keep(target, kept, answer)
          .handle((message, failure) ->
              failure == null
                  ? CompletableFuture.completedFuture(message)
                  : failure instanceof java.util.concurrent.TimeoutException
                      ? CompletableFuture.<DnsMessage>failedFuture(failure)
                      : overNewConnection(target, question))
          .thenCompose(stage -> stage);
    }
    return overNewConnection(target, question);
  }

  private CompletableFuture<DnsMessage> overNewConnection(
      Upstream.Target target, DnsMessage question) {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(group)
            .channel(transport.socket())
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) timeout.toMillis());
    CompletableFuture<DnsMessage> answer = new CompletableFuture<>();
    Channel channel =
        open(
            bootstrap,
            target.address(),
            question,
            answer,
            (opened, answers) -> {
              SslContext tls = target.tls();
              if (tls != null) {
                String name = target.serverName();
                opened
                    .pipeline()
                    .addLast(
                        tls.newHandler(
                            opened.alloc(),
                            name.isEmpty() ? target.address().getHostString() : name,
                            target.address().getPort()));
              }
              opened
                  .pipeline()
                  .addLast(
                      new LengthFieldBasedFrameDecoder(
                          DnsCodec.MAX_MESSAGE + LENGTH_FIELD, 0, LENGTH_FIELD, 0, LENGTH_FIELD),
                      new LengthFieldPrepender(LENGTH_FIELD),
                      answers);
            });
    return keep(target, channel, answer);
  }

  /** Keeps the connection of a good answer, and closes that of any other. */
  private CompletableFuture<DnsMessage> keep(
      Upstream.Target target, Channel channel, CompletableFuture<DnsMessage> answer) {
    answer
        .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete((message, failure) -> {
          if (failure != null) {
            channel.close();
            return;
          }
          channel
              .eventLoop()
              .execute(() -> {
                if (channel.isActive()) {
                  channel.pipeline().remove(AnswerReader.class);
                  idle.put(target, channel);
                }
              });
        });
    return answer;
  }

  private CompletableFuture<DnsMessage> exchange(
      Bootstrap bootstrap,
      InetSocketAddress upstream,
      DnsMessage question,
      BiConsumer<Channel, AnswerReader> pipeline) {
    CompletableFuture<DnsMessage> answer = new CompletableFuture<>();
    Channel channel = open(bootstrap, upstream, question, answer, pipeline);
    answer
        .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete((message, failure) -> channel.close());
    return answer;
  }

  private Channel open(
      Bootstrap bootstrap,
      InetSocketAddress upstream,
      DnsMessage question,
      CompletableFuture<DnsMessage> answer,
      BiConsumer<Channel, AnswerReader> pipeline) {
    ChannelFuture opened =
        bootstrap
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    pipeline.accept(channel, new AnswerReader(question, answer, counters));
                  }
                })
            .connect(upstream, source);
    Channel channel = opened.channel();
    opened.addListener(done -> {
      if (done.isSuccess()) {
        write(channel, question, answer);
      } else {
        answer.completeExceptionally(done.cause());
      }
    });
    return channel;
  }

  private static void write(
      Channel channel, DnsMessage question, CompletableFuture<DnsMessage> answer) {
    ByteBuf octets = Unpooled.wrappedBuffer(DnsCodec.encode(question, DnsCodec.MAX_MESSAGE));
    channel
        .writeAndFlush(octets)
        .addListener(written -> {
          if (!written.isSuccess()) {
            answer.completeExceptionally(written.cause());
          }
        });
  }

  /** Closes the connections that nobody uses. */
  void close() {
    idle.close();
  }
}
