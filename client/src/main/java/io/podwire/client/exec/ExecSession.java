package io.podwire.client.exec;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import io.podwire.client.api.ApiTransport;
import io.podwire.client.failure.ClientFailure;
import io.podwire.client.failure.InterruptedCall;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A program running in a Pod, connected to streams of this process.
 *
 * <p>Thread-safe. Closing it ends the connection, and with it the program.
 */
public final class ExecSession implements AutoCloseable {
  private static final String SUBPROTOCOL = "v5.channel.k8s.io";
  private static final int MAX_MESSAGE = 16 << 20;
  private static final int MAX_REFUSAL = 1 << 20;
  private static final int STDIN_CHUNK = 16 << 10;

  private final Channel channel;
  private final ExecHandler handler;

  private ExecSession(Channel channel, ExecHandler handler) {
    this.channel = channel;
    this.handler = handler;
  }

  /** Starts the program; returns once the control plane has agreed to run it. */
  public static ExecSession start(
      ApiTransport transport, ExecRequest request, OutputStream stdout, OutputStream stderr) {
    String path = request.path();
    ExecHandler handler = new ExecHandler(stdout, stderr);
    WebSocketClientProtocolConfig config =
        WebSocketClientProtocolConfig.newBuilder()
            .webSocketUri(URI.create("ws://" + transport.address().hostHeader() + path))
            .subprotocol(SUBPROTOCOL)
            .version(WebSocketVersion.V13)
            .customHeaders(new DefaultHttpHeaders().set("User-Agent", "podwire"))
            .maxFramePayloadLength(MAX_MESSAGE)
            // That is a browser's; the control plane serves no web pages.
            .generateOriginHeader(false)
            .build();
    Channel channel =
        transport.connect(pipeline ->
            pipeline.addLast(
                new HttpClientCodec(),
                new HttpObjectAggregator(MAX_REFUSAL),
                new HandshakeRefusal(path, handler),
                new WebSocketClientProtocolHandler(config),
                handler));
    join(handler.opened());
    return new ExecSession(channel, handler);
  }

  /** Sends the input to the program until it ends, on a thread of its own. */
  public void feed(InputStream stdin) {
    Thread thread = new Thread(() -> pump(stdin), "stdin");
    thread.setDaemon(true);
    thread.start();
  }

  private void pump(InputStream stdin) {
    byte[] chunk = new byte[STDIN_CHUNK];
    try {
      for (int read = stdin.read(chunk); read >= 0; read = stdin.read(chunk)) {
        // Waiting for each write keeps a fast producer from filling memory.
        send(ChannelFrame.stdin(chunk, read)).await();
      }
      send(ChannelFrame.stdinClosed());
    } catch (IOException failure) {
      handler.fail(new ClientFailure("standard input: " + failure.getMessage(), failure));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** Sends octets to the program's input without waiting. */
  public void input(byte[] bytes) {
    send(ChannelFrame.stdin(bytes, bytes.length));
  }

  /** Runs something once the program has ended or the connection is broken. */
  public void whenEnded(Runnable action) {
    handler.ended().whenComplete((end, failure) -> action.run());
  }

  /** Tells the program's terminal its size. */
  public void resize(int columns, int rows) {
    send(ChannelFrame.resize(columns, rows));
  }

  /** Waits until the program has ended. */
  public ProgramEnd await() {
    return join(handler.ended());
  }

  /** Waits no longer than that; a program that takes longer is a failure. */
  public ProgramEnd await(Duration patience) {
    try {
      return handler.ended().copy().orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS).get();
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof TimeoutException) {
        return new ProgramEnd(
            ProgramEnd.FAILED, "still running after " + patience.toSeconds() + " s");
      }
      return await();
    } catch (InterruptedException stopped) {
      throw new InterruptedCall(stopped);
    }
  }

  private ChannelFuture send(ChannelFrame frame) {
    return channel.writeAndFlush(new BinaryWebSocketFrame(frame.encode()));
  }

  private static <T> T join(CompletableFuture<T> future) {
    try {
      return future.get();
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof RuntimeException known) {
        throw known;
      }
      throw new ClientFailure("exec failed: " + failure.getMessage(), failure);
    } catch (InterruptedException stopped) {
      throw new InterruptedCall(stopped);
    }
  }

  @Override
  public void close() {
    channel.close();
  }
}
