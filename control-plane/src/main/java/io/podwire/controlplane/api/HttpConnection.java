package io.podwire.controlplane.api;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import io.podwire.controlplane.kind.ManifestJson;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection: its requests one after the other, each on a thread of its own.
 *
 * <p>Confined to the connection's event loop.
 */
// A failed write closes the channel, and that is noticed.
@SuppressWarnings("FutureReturnValueIgnored")
final class HttpConnection extends ChannelInboundHandlerAdapter {

  /** Requests that a client may send ahead before it is no longer read. */
  private static final int MAX_PIPELINED = 8;

  private static final int LINGER_SECONDS = 1;
  private static final AttributeKey<Boolean> REFUSED =
      AttributeKey.valueOf(HttpConnection.class, "refused");

  private final RequestRunner runner;
  private final Queue<FullHttpRequest> waiting = new ArrayDeque<>();
  private @Nullable HttpExchange current;

  HttpConnection(RequestRunner runner) {
    this.runner = runner;
  }

  /** Runs a request off the event loop. */
  interface RequestRunner {
    void run(Request request, Exchange exchange);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!(message instanceof FullHttpRequest request)) {
      ctx.fireChannelRead(message);
      return;
    }
    if (ctx.channel().hasAttr(REFUSED)) {
      request.release();
      return;
    }
    waiting.add(request);
    if (waiting.size() >= MAX_PIPELINED) {
      ctx.channel().config().setAutoRead(false);
    }
    startNext(ctx);
  }

  private void startNext(ChannelHandlerContext ctx) {
    if (current != null) {
      return;
    }
    FullHttpRequest message = waiting.poll();
    if (message == null) {
      return;
    }
    if (waiting.isEmpty()) {
      ctx.channel().config().setAutoRead(true);
    }
    try {
      if (!message.decoderResult().isSuccess()) {
        refuse(ctx, message.decoderResult());
        return;
      }
      Request request;
      try {
        request = request(message);
      } catch (IllegalArgumentException e) {
        refuse(
            ctx,
            ApiException.badRequest("the request's address cannot be read: " + e.getMessage()));
        return;
      }
      current = new HttpExchange(ctx, message.retain(), this::finished);
      runner.run(request, current);
    } finally {
      message.release();
    }
  }

  /** The answer is out: the next request may start. */
  private void finished(ChannelHandlerContext ctx) {
    current = null;
    startNext(ctx);
  }

  private static Request request(FullHttpRequest message) {
    QueryStringDecoder uri = new QueryStringDecoder(message.uri());
    List<String> path = new ArrayList<>();
    String raw = uri.rawPath();
    for (String segment : (raw.startsWith("/") ? raw.substring(1) : raw).split("/", -1)) {
      path.add(QueryStringDecoder.decodeComponent(segment.replace("+", "%2B")));
    }
    // kubectl asks for /apis/ and /api/ here and there.
    if (path.size() > 1 && path.getLast().isEmpty()) {
      path.removeLast();
    }
    Map<String, String> headers = new HashMap<>();
    for (Map.Entry<String, String> header : message.headers()) {
      headers.putIfAbsent(header.getKey().toLowerCase(Locale.ROOT), header.getValue());
    }
    return new Request(
        message.method().name(),
        List.copyOf(path),
        Map.of(),
        uri.parameters(),
        headers,
        ByteBufUtil.getBytes(message.content()));
  }

  private static void refuse(ChannelHandlerContext ctx, DecoderResult failure) {
    String message = failure.cause().getMessage();
    refuse(ctx, ApiException.badRequest("the request is not HTTP as it should be: " + message));
  }

  /** Answers what never became a request, and closes: the rest of the bytes cannot be trusted. */
  static void refuse(ChannelHandlerContext ctx, ApiException failure) {
    byte[] body = ManifestJson.bytes(failure.status());
    DefaultFullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(failure.code()),
            Unpooled.wrappedBuffer(body));
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, Exchange.JSON)
        .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
        .set(HttpHeaderNames.CONNECTION, "close");
    ctx.channel().attr(REFUSED).set(true);
    ctx.writeAndFlush(response).addListener(sent -> lingerAndClose(ctx));
  }

  /**
   * Closing with bytes unread would reset the connection and take the answer from the client: its
   * bytes are read and dropped until it closes, or for as long as one second.
   */
  private static void lingerAndClose(ChannelHandlerContext ctx) {
    if (ctx.channel() instanceof DuplexChannel duplex) {
      duplex.shutdownOutput();
    }
    ctx.executor().schedule(() -> ctx.close(), LINGER_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (current != null) {
      current.writabilityChanged();
    }
    ctx.fireChannelWritabilityChanged();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    waiting.forEach(ReferenceCountUtil::release);
    waiting.clear();
    if (current != null) {
      current.closed();
    }
    ctx.fireChannelInactive();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    // A connection that asks nothing is closed; one whose answer takes long is not.
    if (event instanceof IdleStateEvent && current == null) {
      ctx.close();
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // Resets by the client and the like; what the handlers throw does not come here.
    ctx.close();
  }
}
