package io.podwire.dns.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoEventLoopGroup;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.podwire.dns.server.BindFailure;
import io.podwire.dns.server.IoTransport;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * HTTP ports, open while somebody shows a page there; thread-safe.
 *
 * <p>Who comes later takes a path over from who was there before, and gives it back when closed: a
 * new configuration begins to show its pages before the old one ends.
 */
public final class HttpPorts {
  private static final int MAX_REQUEST = 8192;
  private static final int IDLE_SECONDS = 30;

  private final IoEventLoopGroup group;
  private final IoTransport transport;
  private final Map<InetSocketAddress, Port> ports = new HashMap<>();

  public HttpPorts(IoEventLoopGroup group, IoTransport transport) {
    this.group = group;
    this.transport = transport;
  }

  /**
   * Begins to show a page.
   *
   * @param page asked for each request, on an event loop
   * @throws BindFailure if the port cannot be had
   */
  public synchronized Shown show(InetSocketAddress address, String path, Supplier<Page> page) {
    Port port = address.getPort() == 0 ? null : ports.get(address);
    if (port == null) {
      port = new Port(address);
      ports.put(address.getPort() == 0 ? port.local() : address, port);
    }
    Shown shown = new Shown(this, address.getPort() == 0 ? port.local() : address, path, page);
    port.pages.add(shown);
    return shown;
  }

  private synchronized void remove(Shown shown) {
    Port port = ports.get(shown.address);
    if (port != null && port.pages.remove(shown) && port.pages.isEmpty()) {
      ports.remove(shown.address);
      port.channel.close();
    }
  }

  private synchronized @Nullable Supplier<Page> page(InetSocketAddress address, String path) {
    Port port = ports.get(address);
    if (port == null) {
      return null;
    }
    for (int i = port.pages.size() - 1; i >= 0; i--) {
      if (port.pages.get(i).path.equals(path)) {
        return port.pages.get(i).page;
      }
    }
    return null;
  }

  /** A page that is shown until this is closed. */
  public static final class Shown implements AutoCloseable {
    private final HttpPorts ports;
    private final InetSocketAddress address;
    private final String path;
    private final Supplier<Page> page;

    private Shown(HttpPorts ports, InetSocketAddress address, String path, Supplier<Page> page) {
      this.ports = ports;
      this.address = address;
      this.path = path;
      this.page = page;
    }

    /** Where; with the port that was free where any would do. */
    public InetSocketAddress address() {
      return address;
    }

    @Override
    public void close() {
      ports.remove(this);
    }
  }

  /** One open port. */
  private final class Port {
    private final List<Shown> pages = new ArrayList<>();
    private final Channel channel;

    Port(InetSocketAddress address) {
      ChannelFuture bound =
          new ServerBootstrap()
              .group(group)
              .channel(transport.server())
              .option(ChannelOption.SO_REUSEADDR, true)
              .childHandler(
                  new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel child) {
                      child
                          .pipeline()
                          .addLast(
                              new ReadTimeoutHandler(IDLE_SECONDS),
                              new HttpServerCodec(),
                              new HttpObjectAggregator(MAX_REQUEST),
                              new PageRequests(
                                  path -> page(address.getPort() == 0 ? local() : address, path)));
                    }
                  })
              .bind(address)
              .awaitUninterruptibly();
      if (!bound.isSuccess()) {
        throw new BindFailure("HTTP", address, bound.cause());
      }
      channel = bound.channel();
    }

    InetSocketAddress local() {
      return (InetSocketAddress) channel.localAddress();
    }
  }
}
