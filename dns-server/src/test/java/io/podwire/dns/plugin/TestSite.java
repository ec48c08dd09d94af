package io.podwire.dns.plugin;

import io.netty.channel.IoEventLoopGroup;
import io.podwire.dns.corefile.ZoneKey;
import io.podwire.dns.handler.DnsCounters;
import io.podwire.dns.http.HttpPorts;
import io.podwire.dns.metrics.Metrics;
import io.podwire.dns.server.IoTransport;
import io.podwire.packet.dns.DnsName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** A site with a clock that stands until the test turns it. */
public final class TestSite implements AutoCloseable {
  private final IoEventLoopGroup group = IoTransport.best().newGroup(1);
  private final AtomicLong nanos = new AtomicLong(1);
  public final Metrics metrics = new Metrics();
  public final List<String> stopped = new ArrayList<>();
  public final Site site =
      new Site(
          List.of(new ZoneKey(ZoneKey.Scheme.DNS, DnsName.ROOT, 53)),
          Map::of,
          List::of,
          group,
          IoTransport.best(),
          new Random(1),
          nanos::get,
          new DnsCounters(),
          metrics,
          new HttpPorts(group, IoTransport.best()),
          () -> DnsName.parse("cluster.local"),
          List::of,
          Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory()),
          stopped::add,
          new Site.Source() {
            @Override
            public String hash() {
              return "";
            }

            @Override
            public String served() {
              return "";
            }

            @Override
            public boolean reload() {
              return false;
            }
          });

  /** The same where the parts of a block know each other. */
  public Site withParts(Supplier<Map<String, Part>> parts) {
    return new Site(
        site.keys(),
        parts,
        site.allParts(),
        site.group(),
        site.transport(),
        site.random(),
        site.nanos(),
        site.counters(),
        site.metrics(),
        site.http(),
        site.clusterZone(),
        site.addresses(),
        site.background(),
        site.stop(),
        site.source());
  }

  public void passSeconds(long seconds) {
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
  }

  @Override
  public void close() {
    site.background().shutdownNow();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
