package io.podwire.client.exec;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.ReferenceCountUtil;
import io.podwire.client.api.ApiRefusal;
import io.podwire.client.api.ApiStatus;

/** Turns an answer other than the change of protocols into the server's own reason. */
final class HandshakeRefusal extends ChannelInboundHandlerAdapter {
  private final String path;
  private final ExecHandler exec;

  HandshakeRefusal(String path, ExecHandler exec) {
    this.path = path;
    this.exec = exec;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof FullHttpResponse response
        && !response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
      byte[] body = ByteBufUtil.getBytes(response.content());
      exec.fail(new ApiRefusal(ApiStatus.parse(response.status().code(), path, body)));
      ReferenceCountUtil.release(message);
      context.close();
      return;
    }
    context.fireChannelRead(message);
  }
}
