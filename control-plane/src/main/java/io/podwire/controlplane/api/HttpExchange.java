package io.podwire.controlplane.api;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** One request's answer on a Netty channel. The handler's thread and the event loop both use it. */
// A failed write closes the channel, and that is noticed.
@SuppressWarnings("FutureReturnValueIgnored")
final class HttpExchange implements Exchange {

  private final ChannelHandlerContext context;
  private final FullHttpRequest request;
  private final Consumer<ChannelHandlerContext> finished;
  private final boolean keepAlive;
  private final boolean chunked;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Runnable> closeActions = new ArrayList<>();
  private boolean closed;
  private volatile boolean answered;
  private final AtomicBoolean finishing = new AtomicBoolean();

  /**
   * @param request released when the answer is out
   * @param finished called on the event loop when the next request may start
   */
  HttpExchange(
      ChannelHandlerContext context,
      FullHttpRequest request,
      Consumer<ChannelHandlerContext> finished) {
    this.context = context;
    this.request = request;
    this.finished = finished;
    this.keepAlive = HttpUtil.isKeepAlive(request);
    this.chunked = request.protocolVersion().isKeepAliveDefault();
  }

  @Override
  public void respond(
      int code, String contentType, byte[] body, Map<String, List<String>> headers) {
    answered = true;
    DefaultFullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(code), Unpooled.wrappedBuffer(body));
    headers.forEach(response.headers()::set);
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, contentType)
        .set(HttpHeaderNames.CONTENT_LENGTH, body.length);
    HttpUtil.setKeepAlive(response, keepAlive);
    finish(context.writeAndFlush(response), keepAlive);
  }

  @Override
  public BodyStream stream(int code, String contentType) {
    answered = true;
    HttpResponse head =
        new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(code));
    head.headers().set(HttpHeaderNames.CONTENT_TYPE, contentType);
    HttpUtil.setTransferEncodingChunked(head, chunked);
    HttpUtil.setKeepAlive(head, keepAlive && chunked);
    context.writeAndFlush(head);
    return new Stream();
  }

  @Override
  public boolean isAnswered() {
    return answered;
  }

  @Override
  public void abort() {
    finish(context.newSucceededFuture(), false);
  }

  @Override
  public WebSocketUpgrade upgrade() {
    answered = true;
    return new WebSocketUpgrade() {
      @Override
      public FullHttpRequest request() {
        return request;
      }

      @Override
      public Channel channel() {
        return context.channel();
      }
    };
  }

  private void finish(ChannelFuture sent, boolean keep) {
    if (!finishing.compareAndSet(false, true)) {
      return;
    }
    sent.addListener(
        (ChannelFutureListener)
            future -> {
              request.release();
              if (!keep || !future.isSuccess()) {
                context.close();
              }
              finished.accept(context);
            });
  }

  @Override
  public void onClose(Runnable action) {
    lock.lock();
    try {
      if (!closed) {
        closeActions.add(action);
        return;
      }
    } finally {
      lock.unlock();
    }
    action.run();
  }

  /** On the event loop. */
  void closed() {
    List<Runnable> actions;
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
      actions = List.copyOf(closeActions);
      closeActions.clear();
    } finally {
      lock.unlock();
    }
    actions.forEach(Runnable::run);
  }

  /** On the event loop. */
  void writabilityChanged() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private final class Stream implements BodyStream {
    @Override
    public void write(byte[] piece) throws IOException, InterruptedException {
      lock.lock();
      try {
        while (!closed && !context.channel().isWritable()) {
          changed.await();
        }
        if (closed) {
          throw new IOException("the client has gone");
        }
      } finally {
        lock.unlock();
      }
      context.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(piece)));
    }

    @Override
    public boolean isClosed() {
      lock.lock();
      try {
        return closed;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void end() {
      finish(context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT), keepAlive && chunked);
    }

    @Override
    public void abort() {
      HttpExchange.this.abort();
    }
  }
}
