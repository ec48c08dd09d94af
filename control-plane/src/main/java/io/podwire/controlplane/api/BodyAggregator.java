package io.podwire.controlplane.api;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;

/** Puts a request's body together, and refuses one that is too large with a Status. */
final class BodyAggregator extends HttpObjectAggregator {

  /** As Kubernetes' API server. */
  private static final int MAX_BODY = 3 << 20;

  BodyAggregator() {
    super(MAX_BODY);
  }

  @Override
  protected void handleOversizedMessage(ChannelHandlerContext ctx, HttpMessage oversized) {
    HttpConnection.refuse(
        ctx,
        ApiException.of(
            413,
            "RequestEntityTooLarge",
            "the body has more than " + MAX_BODY + " bytes; send it in several requests"));
  }
}
