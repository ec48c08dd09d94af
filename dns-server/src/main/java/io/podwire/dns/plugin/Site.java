package io.podwire.dns.plugin;

import io.netty.channel.IoEventLoopGroup;
import io.podwire.dns.corefile.ZoneKey;
import io.podwire.dns.handler.DnsCounters;
import io.podwire.dns.http.HttpPorts;
import io.podwire.dns.metrics.Metrics;
import io.podwire.dns.server.IoTransport;
import io.podwire.packet.dns.DnsName;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Where a part works: the server around its block, and what all parts share.
 *
 * @param keys of the block
 * @param parts of the same block, by plugin, in the chain's order; complete once all are made
 * @param allParts those of all blocks
 * @param group whose loops may be used for timers and for connections of its own
 * @param random good enough for ids; thread-safe
 * @param nanos a clock that only ever goes forward, in nanoseconds
 * @param clusterZone the zone that the cluster says is its own
 * @param addresses where the block is served, once it is
 * @param background a thread for what may block, such as reading files
 * @param stop ends the server as a whole, with a reason for people
 * @param source the Corefile
 */
public record Site(
    List<ZoneKey> keys,
    Supplier<Map<String, Part>> parts,
    Supplier<List<Map.Entry<String, Part>>> allParts,
    IoEventLoopGroup group,
    IoTransport transport,
    RandomGenerator random,
    LongSupplier nanos,
    DnsCounters counters,
    Metrics metrics,
    HttpPorts http,
    Supplier<DnsName> clusterZone,
    Supplier<List<InetSocketAddress>> addresses,
    ScheduledExecutorService background,
    Consumer<String> stop,
    Source source) {

  /** The Corefile that the server was made of. */
  public interface Source {
    /** A hash of what it says now; the same for the same text. */
    String hash() throws IOException;

    /** The hash of what is being served. */
    String served();

    /** Serves what it says now; false where that is wrong, and the old stays. */
    boolean reload();
  }

  /** The label that tells a block's metrics from others': {@code dns://.:53}. */
  public String server() {
    ZoneKey first = keys.get(0);
    return first.scheme().name().toLowerCase(Locale.ROOT) + "://:" + first.port();
  }
}
