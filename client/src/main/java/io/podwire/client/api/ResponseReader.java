package io.podwire.client.api;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Hands one HTTP response to the waiting command: its head at once, its body as a stream. */
final class ResponseReader extends SimpleChannelInboundHandler<HttpObject> {
  private final CompletableFuture<ApiResponse> response = new CompletableFuture<>();
  private @Nullable ResponseBody body;
  private boolean complete;

  CompletableFuture<ApiResponse> response() {
    return response;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
    if (message instanceof HttpResponse head) {
      ResponseBody stream = new ResponseBody(context.channel());
      body = stream;
      response.complete(new ApiResponse(head.status().code(), stream));
    }
    if (message instanceof HttpContent content && body != null) {
      if (content.decoderResult().isFailure()) {
        end(new IOException("the control plane's answer is no HTTP"));
      }
      if (content.content().isReadable()) {
        body.deliver(ByteBufUtil.getBytes(content.content()));
      }
      if (content instanceof LastHttpContent) {
        complete = true;
        body.complete();
        context.close();
      }
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    end(new IOException("the control plane closed the connection"));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    end(cause instanceof IOException failure ? failure : new IOException(cause));
    context.close();
  }

  private void end(IOException failure) {
    if (complete) {
      return;
    }
    complete = true;
    if (!response.completeExceptionally(failure) && body != null) {
      body.fail(failure);
    }
  }
}
