package io.podwire.dns.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Requests of one HTTP connection. */
final class PageRequests extends SimpleChannelInboundHandler<FullHttpRequest> {
  private final Function<String, @Nullable Supplier<Page>> pages;

  PageRequests(Function<String, @Nullable Supplier<Page>> pages) {
    this.pages = pages;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    Page page = page(request);
    boolean head = request.method().equals(HttpMethod.HEAD);
    DefaultFullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(page.status()),
            Unpooled.wrappedBuffer(head ? new byte[0] : page.content()));
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, page.mediaType());
    response.headers().set(HttpHeaderNames.CONTENT_LENGTH, page.content().length);
    boolean keep = HttpUtil.isKeepAlive(request);
    HttpUtil.setKeepAlive(response, keep);
    var written = context.writeAndFlush(response);
    if (!keep) {
      written.addListener(ChannelFutureListener.CLOSE);
    }
  }

  private Page page(FullHttpRequest request) {
    if (!request.decoderResult().isSuccess()) {
      return Page.text(400, "malformed request\n");
    }
    if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
      return Page.text(405, "only GET and HEAD\n");
    }
    Supplier<Page> page = pages.apply(new QueryStringDecoder(request.uri()).rawPath());
    return page == null ? Page.text(404, "no such page\n") : page.get();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }
}
