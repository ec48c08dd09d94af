package io.podwire.dns.boot;

import io.netty.channel.IoEventLoopGroup;
import io.netty.handler.ssl.SslContext;
import io.podwire.dns.corefile.ZoneKey;
import io.podwire.dns.handler.DnsCounters;
import io.podwire.dns.handler.Interception;
import io.podwire.dns.server.BindFailure;
import io.podwire.dns.server.DnsListener;
import io.podwire.dns.server.IoTransport;
import io.podwire.dns.server.Responder;
import io.podwire.dns.server.ServerLimits;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The open listeners of a server, which stay open from one Corefile to the next where both want
 * them. Used by one thread at a time, but for {@link #addresses}.
 */
final class Listeners implements AutoCloseable {

  /** What makes two listeners the same; a certificate is read once for each Corefile. */
  private record Place(ZoneKey.Scheme scheme, InetSocketAddress address) {
    static Place of(ServedBlocks.Listening wanted) {
      return new Place(wanted.scheme(), wanted.address());
    }
  }

  private record Open(DnsListener listener, Responder responder) {}

  private final IoEventLoopGroup group;
  private final IoTransport transport;
  private final Interception interception;
  private final DnsCounters counters;
  private Map<Place, Open> open = new LinkedHashMap<>();
  private volatile List<InetSocketAddress> addresses = List.of();

  Listeners(
      IoEventLoopGroup group,
      IoTransport transport,
      Interception interception,
      DnsCounters counters) {
    this.group = group;
    this.transport = transport;
    this.interception = interception;
    this.counters = counters;
  }

  /** What opening others has come to; one of the two has to be called. */
  interface Change {
    /** From now on the new ones answer; those that are not wanted any more are closed. */
    void commit();

    /** Everything is as it was. */
    void undo();
  }

  /**
   * Opens what is missing, without a change to what is open.
   *
   * @throws BindFailure if one cannot be opened; those that were are closed again
   */
  Change prepare(List<ServedBlocks.Listening> wanted) {
    Map<Place, Open> next = new LinkedHashMap<>();
    List<Open> fresh = new ArrayList<>();
    List<Runnable> switches = new ArrayList<>();
    try {
      for (ServedBlocks.Listening each : wanted) {
        Open kept = open.get(Place.of(each));
        if (kept != null) {
          next.put(Place.of(each), kept);
          SslContext tls = each.tls();
          switches.add(() -> {
            kept.responder().route(each.routes());
            if (tls != null) {
              kept.listener().encryptWith(tls);
            }
          });
          continue;
        }
        Open opened = opened(each);
        fresh.add(opened);
        next.put(Place.of(each), opened);
      }
    } catch (BindFailure e) {
      fresh.forEach(each -> each.listener().close());
      throw e;
    }
    // Known before anything starts, as a part may want to ask the server itself.
    List<InetSocketAddress> before = addresses;
    addresses = next.values().stream().map(each -> each.listener().address()).toList();
    return new Change() {
      @Override
      public void commit() {
        switches.forEach(Runnable::run);
        Map<Place, Open> last = open;
        open = next;
        last.forEach((place, each) -> {
          if (!next.containsKey(place)) {
            each.listener().close();
          }
        });
      }

      @Override
      public void undo() {
        addresses = before;
        fresh.forEach(each -> each.listener().close());
      }
    };
  }

  private Open opened(ServedBlocks.Listening wanted) {
    ServerLimits limits = ServerLimits.DEFAULT;
    Responder responder =
        new Responder(
            wanted.routes(), interception, counters, limits.udpPayload(), wanted.server());
    SslContext tls = wanted.tls();
    DnsListener listener =
        tls == null
            ? DnsListener.open(wanted.address(), group, transport, responder, limits, counters)
            : DnsListener.openTls(
                wanted.address(), group, transport, responder, limits, counters, tls);
    return new Open(listener, responder);
  }

  /** Where they are; any thread. */
  List<InetSocketAddress> addresses() {
    return addresses;
  }

  @Override
  public void close() {
    open.values().forEach(each -> each.listener().close());
    open = new LinkedHashMap<>();
  }
}
