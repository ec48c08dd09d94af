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
import io.podwire.dns.handler.DnsCounters;
import io.podwire.dns.server.IoTransport;
import io.podwire.packet.dns.DnsCodec;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.Edns;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;

/**
 * Asks over UDP, and over TCP where the answer came truncated.
 *
 * <p>Each question has a socket, and so a source port, of its own and a random id (RFC 5452); the
 * socket is connected, so that the kernel drops what other addresses send. Thread-safe if the
 * source of randomness is.
 */
public final class UpstreamClient implements ForwardHandler.Upstream {
  private static final int LENGTH_FIELD = 2;

  /** Some upstreams send more than the size that they were told. */
  private static final int LARGEST_ANSWER = 4096;

  private final EventLoopGroup group;
  private final IoTransport transport;
  private final Duration timeout;
  private final int udpPayload;
  private final RandomGenerator random;
  private final DnsCounters counters;

  public UpstreamClient(
      EventLoopGroup group,
      IoTransport transport,
      Duration timeout,
      int udpPayload,
      RandomGenerator random,
      DnsCounters counters) {
    this.group = group;
    this.transport = transport;
    this.timeout = timeout;
    this.udpPayload = udpPayload;
    this.random = random;
    this.counters = counters;
  }

  @Override
  public CompletionStage<DnsMessage> ask(InetSocketAddress upstream, DnsMessage query) {
    DnsMessage plain = query.withoutEdns();
    int flags = query.edns().map(Edns::flags).orElse(0) & Edns.DNSSEC_OK;
    DnsMessage question =
        plain
            .withHeader(plain.header().withId(random.nextInt(0x10000)))
            .withEdns(new Edns(udpPayload, 0, 0, flags, List.of()));
    return overUdp(upstream, question)
        .thenCompose(answer -> {
          if (!answer.header().isTruncated()) {
            return CompletableFuture.completedFuture(answer);
          }
          counters.increment("forward.tcp_retries");
          return overTcp(upstream, question);
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

  private CompletableFuture<DnsMessage> overTcp(InetSocketAddress upstream, DnsMessage question) {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(group)
            .channel(transport.socket())
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) timeout.toMillis());
    return exchange(
        bootstrap,
        upstream,
        question,
        (channel, answers) ->
            channel
                .pipeline()
                .addLast(
                    new LengthFieldBasedFrameDecoder(
                        DnsCodec.MAX_MESSAGE + LENGTH_FIELD, 0, LENGTH_FIELD, 0, LENGTH_FIELD),
                    new LengthFieldPrepender(LENGTH_FIELD),
                    answers));
  }

  private CompletableFuture<DnsMessage> exchange(
      Bootstrap bootstrap,
      InetSocketAddress upstream,
      DnsMessage question,
      BiConsumer<Channel, AnswerReader> pipeline) {
    CompletableFuture<DnsMessage> answer = new CompletableFuture<>();
    ChannelFuture opened =
        bootstrap
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    pipeline.accept(channel, new AnswerReader(question, answer, counters));
                  }
                })
            .connect(upstream);
    Channel channel = opened.channel();
    opened.addListener(done -> {
      if (!done.isSuccess()) {
        answer.completeExceptionally(done.cause());
        return;
      }
      ByteBuf octets = Unpooled.wrappedBuffer(DnsCodec.encode(question, DnsCodec.MAX_MESSAGE));
      channel
          .writeAndFlush(octets)
          .addListener(written -> {
            if (!written.isSuccess()) {
              answer.completeExceptionally(written.cause());
            }
          });
    });
    answer
        .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete((message, failure) -> channel.close());
    return answer;
  }
}
