package io.podwire.client.socket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.util.ReferenceCountUtil;
import io.podwire.packet.carry.CarryFailure;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * HTTP's two ways through a proxy (RFC 9110, sections 7.2 and 9.3.6): CONNECT, which becomes a
 * plain connection, and a request with an absolute URI, which goes on with its path alone and is
 * the connection's only one.
 */
final class HttpDialogue extends ChannelInboundHandlerAdapter {
  private static final int HTTP_PORT = 80;

  private final PodSockets sockets;
  private final List<ByteBuf> early = new ArrayList<>();
  private @Nullable EmbeddedChannel encoder;
  private boolean connected;

  HttpDialogue(PodSockets sockets) {
    this.sockets = sockets;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (encoder != null) {
      // The body of the one request.
      passOn(context, message);
      return;
    }
    if (!(message instanceof HttpRequest request)) {
      ReferenceCountUtil.release(message);
      return;
    }
    if (request.decoderResult().isFailure()) {
      refuse(context, "400 Bad Request", "no HTTP request");
    } else if (request.method().equals(HttpMethod.CONNECT)) {
      tunnel(context, request.uri());
    } else {
      forward(context, request);
    }
  }

  private void tunnel(ChannelHandlerContext context, String authority) {
    int colon = authority.lastIndexOf(':');
    if (colon < 1 || !authority.substring(colon + 1).matches("[0-9]{1,5}")) {
      refuse(context, "400 Bad Request", "CONNECT needs HOST:PORT, not '" + authority + "'");
      return;
    }
    connect(
        context,
        authority.substring(0, colon),
        Integer.parseInt(authority.substring(colon + 1)),
        () -> {
          context.writeAndFlush(line("HTTP/1.1 200 Connection established\r\n\r\n"));
          context.pipeline().remove(HttpRequestDecoder.class);
          context.pipeline().remove(this);
        });
  }

  private void forward(ChannelHandlerContext context, HttpRequest request) {
    URI uri;
    try {
      uri = new URI(request.uri());
    } catch (URISyntaxException malformed) {
      refuse(context, "400 Bad Request", "no URI: " + malformed.getMessage());
      return;
    }
    if (uri.getHost() == null || !"http".equalsIgnoreCase(uri.getScheme())) {
      refuse(context, "400 Bad Request", "a proxy needs the URI with http:// and host");
      return;
    }
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    request.setUri(uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery());
    request.headers().remove("Proxy-Connection");
    request.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    encoder = new EmbeddedChannel(new HttpRequestEncoder());
    connect(
        context,
        uri.getHost(),
        uri.getPort() < 0 ? HTTP_PORT : uri.getPort(),
        () -> {
          connected = true;
          early.forEach(context::fireChannelRead);
          early.clear();
        });
    passOn(context, request);
  }

  /** What was read before the connection is there waits for it. */
  private void passOn(ChannelHandlerContext context, Object message) {
    EmbeddedChannel writing = encoder;
    if (writing == null || !(message instanceof HttpObject)) {
      ReferenceCountUtil.release(message);
      return;
    }
    writing.writeOutbound(message);
    for (ByteBuf part = writing.readOutbound(); part != null; part = writing.readOutbound()) {
      if (connected) {
        context.fireChannelRead(part);
      } else {
        early.add(part);
      }
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    early.forEach(ByteBuf::release);
    early.clear();
    if (encoder != null) {
      encoder.finishAndReleaseAll();
    }
    super.channelInactive(context);
  }

  private void connect(ChannelHandlerContext context, String host, int port, Runnable opened) {
    context.channel().config().setAutoRead(false);
    StreamRelay relay =
        new StreamRelay(
            context.channel(),
            () -> {
              opened.run();
              context.channel().config().setAutoRead(true);
            },
            (cause, text) -> refuse(context, status(cause), cause + ": " + text));
    context.pipeline().addLast(relay);
    sockets.connect(host.replaceFirst("^\\[(.*)]$", "$1"), port, relay);
  }

  private static String status(CarryFailure cause) {
    return cause == CarryFailure.TIMEOUT ? "504 Gateway Timeout" : "502 Bad Gateway";
  }

  private static void refuse(ChannelHandlerContext context, String status, String reason) {
    byte[] body = (reason + "\n").getBytes(StandardCharsets.UTF_8);
    String head =
        "HTTP/1.1 "
            + status
            + "\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\nContent-Length: "
            + body.length
            + "\r\n\r\n";
    context
        .writeAndFlush(Unpooled.wrappedBuffer(line(head), Unpooled.wrappedBuffer(body)))
        .addListener(written -> context.close());
  }

  private static ByteBuf line(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
  }
}
