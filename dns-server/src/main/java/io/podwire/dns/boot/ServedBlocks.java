package io.podwire.dns.boot;

import io.netty.handler.ssl.SslContext;
import io.podwire.dns.bind.BindPlugin;
import io.podwire.dns.corefile.ServerBlock;
import io.podwire.dns.corefile.ZoneKey;
import io.podwire.dns.fault.DnsFaults;
import io.podwire.dns.fault.FaultHandler;
import io.podwire.dns.handler.DnsHandler;
import io.podwire.dns.handler.HandlerChain;
import io.podwire.dns.plugin.Encryption;
import io.podwire.dns.plugin.Part;
import io.podwire.dns.plugin.Plugin;
import io.podwire.dns.plugin.Site;
import io.podwire.dns.server.Routes;
import io.podwire.packet.dns.DnsName;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The parts of one Corefile at work: made, started and closed together.
 *
 * <p>Not thread-safe, but for what its handlers do.
 */
final class ServedBlocks implements AutoCloseable {

  /** Where a listener is to be, and what answers there. */
  record Listening(
      ZoneKey.Scheme scheme, InetSocketAddress address, Routes routes, @Nullable SslContext tls) {

    String server() {
      return scheme.name().toLowerCase(java.util.Locale.ROOT) + "://:" + address.getPort();
    }
  }

  private final List<Block> blocks = new ArrayList<>();
  private volatile List<Map.Entry<String, Part>> allParts = List.of();

  /** One block with its parts. */
  private static final class Block {
    private final ServerBlock block;
    private final Map<String, Part> parts = new LinkedHashMap<>();

    Block(ServerBlock block) {
      this.block = block;
    }
  }

  /** What a block's site is made of, but for its parts. */
  interface Sites {
    Site of(ServerBlock block, ServedBlocks all, Function<ServerBlock, Map<String, Part>> parts);
  }

  /** Makes all parts; closes those that were made where one cannot be. */
  static ServedBlocks make(List<BlockPlan> plans, Sites sites) {
    ServedBlocks served = new ServedBlocks();
    try {
      for (BlockPlan plan : plans) {
        Block block = new Block(plan.block());
        served.blocks.add(block);
        Site site = sites.of(plan.block(), served, of -> Map.copyOf(block.parts));
        for (Map.Entry<String, Plugin.Draft> each : plan.drafts().entrySet()) {
          block.parts.put(each.getKey(), each.getValue().make(site));
        }
      }
    } catch (RuntimeException e) {
      served.close();
      throw e;
    }
    List<Map.Entry<String, Part>> all = new ArrayList<>();
    served.blocks.forEach(
        block -> block.parts.forEach((name, part) -> all.add(Map.entry(name, part))));
    served.allParts = List.copyOf(all);
    return served;
  }

  /** By plugin, of all blocks. */
  List<Map.Entry<String, Part>> allParts() {
    return allParts;
  }

  void start() {
    allParts.forEach(each -> each.getValue().start());
  }

  /** The listeners that are wanted; each address once, with the zones of all blocks there. */
  List<Listening> listeners(DnsFaults faults) {
    Map<Map.Entry<ZoneKey.Scheme, InetSocketAddress>, Map<DnsName, HandlerChain>> routes =
        new LinkedHashMap<>();
    Map<Map.Entry<ZoneKey.Scheme, InetSocketAddress>, SslContext> contexts = new HashMap<>();
    Set<Map.Entry<ZoneKey.Scheme, InetSocketAddress>> forOtherClasses = new HashSet<>();
    for (Block each : blocks) {
      List<DnsHandler> handlers = new ArrayList<>();
      List<String> names = new ArrayList<>();
      handlers.add(new FaultHandler(faults));
      names.add("fault");
      SslContext context = null;
      boolean otherClasses = false;
      for (Map.Entry<String, Part> named : each.parts.entrySet()) {
        Part part = named.getValue();
        DnsHandler handler = part.handler();
        if (handler != null) {
          handlers.add(handler);
          names.add(named.getKey());
        }
        otherClasses |= part.takesOtherClasses();
        if (part instanceof Encryption encryption) {
          context = encryption.context();
        }
      }
      HandlerChain chain = new HandlerChain(handlers, names);
      for (InetAddress address : BindPlugin.addresses(each.block)) {
        for (ZoneKey key : each.block.keys()) {
          var at = Map.entry(key.scheme(), new InetSocketAddress(address, key.port()));
          routes.computeIfAbsent(at, place -> new HashMap<>()).put(key.zone(), chain);
          if (otherClasses) {
            forOtherClasses.add(at);
          }
          if (context != null && key.scheme() == ZoneKey.Scheme.TLS) {
            contexts.put(at, context);
          }
        }
      }
    }
    List<Listening> wanted = new ArrayList<>();
    routes.forEach((at, zones) ->
        wanted.add(
            new Listening(
                at.getKey(),
                at.getValue(),
                new Routes(zones, forOtherClasses.contains(at)),
                contexts.get(at))));
    return wanted;
  }

  /** The longest that a part wants the server to go on for. */
  Duration linger() {
    return allParts.stream()
        .map(each -> each.getValue().linger())
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  @Override
  public void close() {
    for (Block block : blocks) {
      block.parts.values().forEach(Part::close);
    }
  }
}
