package io.podwire.dns.loop;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import io.podwire.dns.corefile.ZoneKey;
import io.podwire.dns.handler.DnsHandler;
import io.podwire.dns.handler.Query;
import io.podwire.dns.handler.Rest;
import io.podwire.dns.plugin.Part;
import io.podwire.dns.plugin.Site;
import io.podwire.packet.dns.DnsCodec;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.DnsName;
import io.podwire.packet.dns.Question;
import io.podwire.packet.dns.RecordType;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Asks its own server for a name that nobody else can know: seen more than twice, it went round.
 *
 * <p>Off once an answer has come and two seconds have passed, or after half a minute. Thread-safe.
 */
final class LoopProbe implements Part, DnsHandler {
  private static final int MOST_SEEN = 2;
  private static final long RETRY_SECONDS = 1;
  private static final long LISTEN_SECONDS = 2;
  private static final long GIVE_UP_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Site site;
  private final ZoneKey key;
  private final DnsName probe;
  private final AtomicInteger seen = new AtomicInteger();
  private final AtomicInteger attempts = new AtomicInteger();
  private volatile boolean on = true;
  private long began;

  LoopProbe(Site site) {
    this.site = site;
    this.key = site.keys().get(0);
    this.probe =
        key.zone()
            .tryChild(Long.toString(site.random().nextLong() >>> 2))
            .flatMap(name -> name.tryChild(Long.toString(site.random().nextLong() >>> 2)))
            .orElse(key.zone());
  }

  @Override
  public DnsHandler handler() {
    return this;
  }

  @Override
  public CompletionStage<DnsMessage> handle(Query query, Rest rest) {
    if (on && query.type() == RecordType.HINFO && query.name().equals(probe)) {
      if (seen.incrementAndGet() > MOST_SEEN) {
        on = false;
        site.stop()
            .accept(
                "loop ("
                    + query.client().getAddress().getHostAddress()
                    + ":"
                    + query.client().getPort()
                    + " -> "
                    + site.server()
                    + ") detected for zone '"
                    + key.zone()
                    + "': an upstream asks this server again; query: HINFO "
                    + probe);
      }
      return rest.next(query.onceOnly());
    }
    return rest.next(query);
  }

  @Override
  public void start() {
    began = site.nanos().getAsLong();
    site.group().next().schedule(this::ask, 1, TimeUnit.MILLISECONDS);
  }

  private void ask() {
    InetSocketAddress server = server();
    if (!on || key.scheme() != ZoneKey.Scheme.DNS) {
      on = false;
      return;
    }
    if (site.nanos().getAsLong() - began > GIVE_UP_NANOS) {
      on = false;
      return;
    }
    int attempt = attempts.incrementAndGet();
    DnsMessage question =
        DnsMessage.query(site.random().nextInt(0x10000), Question.of(probe, RecordType.HINFO));
    Channel channel =
        new Bootstrap()
            .group(site.group())
            .channel(site.transport().datagram())
            .handler(
                new SimpleChannelInboundHandler<DatagramPacket>() {
                  @Override
                  protected void channelRead0(
                      ChannelHandlerContext context, DatagramPacket answer) {
                    context.close();
                    answered();
                  }

                  @Override
                  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                    context.close();
                  }
                })
            .connect(server)
            .addListener(done -> {})
            .channel();
    channel
        .eventLoop()
        .execute(
            () -> channel.writeAndFlush(Unpooled.wrappedBuffer(DnsCodec.encode(question, 512))));
    channel
        .eventLoop()
        .schedule(
            () -> {
              channel.close();
              if (on && attempts.get() == attempt) {
                // Lost, or the server was not there yet; what was seen of this one counts no more.
                seen.set(0);
                ask();
              }
            },
            RETRY_SECONDS + LISTEN_SECONDS,
            TimeUnit.SECONDS);
  }

  private void answered() {
    attempts.incrementAndGet();
    site.group().next().schedule(() -> on = false, LISTEN_SECONDS, TimeUnit.SECONDS);
  }

  private InetSocketAddress server() {
    for (InetSocketAddress each : site.addresses().get()) {
      return each.getAddress().isAnyLocalAddress()
          ? new InetSocketAddress(InetAddress.getLoopbackAddress(), each.getPort())
          : each;
    }
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), key.port());
  }

  @Override
  public void close() {
    on = false;
  }
}
