package io.podwire.controlplane.api;

import static java.util.concurrent.TimeUnit.SECONDS;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.podwire.cluster.model.Node;
import io.podwire.controlplane.kind.ManifestJson;
import io.podwire.proto.v1.AgentAccessGrpc;
import io.podwire.proto.v1.ExecInput;
import io.podwire.proto.v1.ExecOutput;
import io.podwire.proto.v1.ExecStart;
import io.podwire.proto.v1.TerminalSize;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One program run in a Pod: WebSocket messages to gRPC and back, neither side faster than the other
 * takes.
 *
 * <p>The socket's methods are called on the connection's event loop, the call's on gRPC's threads;
 * only the call's observer and the channel, both safe for that, are shared.
 */
// A failed write closes the channel, and that is noticed.
@SuppressWarnings("FutureReturnValueIgnored")
final class ExecSession implements ClientResponseObserver<ExecInput, ExecOutput> {

  private static final int STDIN = 0;
  private static final int STDOUT = 1;
  private static final int STDERR = 2;
  private static final int STATUS = 3;
  private static final int RESIZE = 4;
  private static final int CLOSE = 255;
  private static final long CLOSE_LIMIT_SECONDS = 2;

  private final ExecStart start;
  private final Streams streams;
  private final Node node;
  private volatile @Nullable Channel socket;
  private volatile @Nullable ClientCallStreamObserver<ExecInput> call;
  private volatile boolean gone;
  private boolean stdinClosed;
  private boolean ended;

  ExecSession(ExecStart start, Streams streams, Node node) {
    this.start = start;
    this.streams = streams;
    this.node = node;
  }

  /** Which streams the client wants. */
  record Streams(boolean stdin, boolean stdout, boolean stderr, boolean tty) {}

  /** Begins, on the event loop, once the upgrade has been answered. */
  void start(Channel channel, AgentAccessGrpc.AgentAccessStub agent) {
    socket = channel;
    channel.config().setAutoRead(false);
    // An empty message tells the client that the session is open.
    send(
        channel,
        streams.stdout() ? STDOUT : streams.stderr() ? STDERR : STATUS,
        Unpooled.EMPTY_BUFFER);
    agent.exec(this);
    ClientCallStreamObserver<ExecInput> begun = call;
    if (begun != null) {
      begun.onNext(ExecInput.newBuilder().setStart(start).build());
    }
    if (gone) {
      clientGone();
    }
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<ExecInput> requests) {
    call = requests;
    requests.disableAutoRequestWithInitial(1);
    requests.setOnReadyHandler(this::agentReady);
  }

  /** Reads from the client exactly while the agent takes more. */
  private void agentReady() {
    Channel channel = socket;
    ClientCallStreamObserver<ExecInput> requests = call;
    if (channel != null && requests != null) {
      channel.eventLoop().execute(() -> channel.config().setAutoRead(requests.isReady()));
    }
  }

  /** A message of the client, on the event loop; malformed ones are left out, as kubelet does. */
  void fromClient(ByteBuf message) {
    ClientCallStreamObserver<ExecInput> requests = call;
    if (requests == null || gone || ended || !message.isReadable()) {
      return;
    }
    switch (message.readUnsignedByte()) {
      case STDIN -> {
        if (streams.stdin() && !stdinClosed && message.isReadable()) {
          ByteString data = ByteString.copyFrom(ByteBufUtil.getBytes(message));
          requests.onNext(ExecInput.newBuilder().setStdin(data).build());
        }
      }
      case RESIZE -> resize(requests, message);
      case CLOSE -> {
        if (message.isReadable() && message.readUnsignedByte() == STDIN && !stdinClosed) {
          stdinClosed = true;
          requests.onNext(ExecInput.newBuilder().setStdinClosed(true).build());
        }
      }
      default -> {}
    }
    agentReady();
  }

  private static void resize(ClientCallStreamObserver<ExecInput> requests, ByteBuf message) {
    try {
      JsonNode size = ManifestJson.mapper().readTree(message.toString(StandardCharsets.UTF_8));
      int width = size.path("Width").asInt();
      int height = size.path("Height").asInt();
      if (width > 0 && height > 0) {
        TerminalSize terminal = TerminalSize.newBuilder().setWidth(width).setHeight(height).build();
        requests.onNext(ExecInput.newBuilder().setResize(terminal).build());
      }
    } catch (JsonProcessingException e) {
      // The terminal keeps its size.
    }
  }

  /** The client closed the socket or lost it: the program ends with its session. */
  void clientGone() {
    gone = true;
    ClientCallStreamObserver<ExecInput> requests = call;
    if (requests != null) {
      requests.cancel("the client has gone", null);
    }
  }

  @Override
  public void onNext(ExecOutput output) {
    Channel channel = socket;
    ClientCallStreamObserver<ExecInput> requests = call;
    if (channel == null || requests == null) {
      return;
    }
    switch (output.getOutputCase()) {
      case STDOUT -> data(channel, requests, STDOUT, streams.stdout(), output.getStdout());
      case STDERR -> data(channel, requests, STDERR, streams.stderr(), output.getStderr());
      case EXIT_CODE -> end(channel, exited(output.getExitCode()));
      case FAILURE -> end(channel, failed(output.getFailure()));
      case OUTPUT_NOT_SET -> requests.request(1);
    }
  }

  private static void data(
      Channel channel,
      ClientCallStreamObserver<ExecInput> requests,
      int stream,
      boolean wanted,
      ByteString bytes) {
    if (!wanted) {
      requests.request(1);
      return;
    }
    // The next output is asked for when the socket has taken this one.
    send(channel, stream, Unpooled.wrappedBuffer(bytes.toByteArray()))
        .addListener(sent -> {
          if (sent.isSuccess()) {
            requests.request(1);
          }
        });
  }

  @Override
  public void onError(Throwable failure) {
    Channel channel = socket;
    if (channel != null && !gone) {
      StatusRuntimeException e =
          failure instanceof StatusRuntimeException known
              ? known
              : Status.fromThrowable(failure).asRuntimeException();
      end(channel, AgentChannels.failure(node, e).status());
    }
  }

  @Override
  public void onCompleted() {
    Channel channel = socket;
    if (channel != null) {
      end(channel, failed("the agent ended the session without an exit code"));
    }
  }

  /**
   * Tells the outcome, once, and closes when the client has answered the close frame (RFC 6455,
   * section 7.1.1): to close at once while its input still arrives would reset the connection, and
   * the outcome could be lost.
   */
  private void end(Channel channel, ObjectNode status) {
    channel
        .eventLoop()
        .execute(() -> {
          if (ended) {
            return;
          }
          ended = true;
          send(channel, STATUS, Unpooled.wrappedBuffer(ManifestJson.bytes(status)));
          channel
              .writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.NORMAL_CLOSURE))
              .addListener(sent ->
                  channel
                      .eventLoop()
                      .schedule(() -> channel.close(), CLOSE_LIMIT_SECONDS, SECONDS));
          ClientCallStreamObserver<ExecInput> requests = call;
          if (requests != null) {
            requests.onCompleted();
          }
        });
  }

  private static ObjectNode exited(int code) {
    ObjectNode status = ManifestJson.object();
    status.putObject("metadata");
    if (code == 0) {
      return status.put("status", "Success");
    }
    status
        .put("status", "Failure")
        .put("message", "command terminated with non-zero exit code: exit status " + code)
        .put("reason", "NonZeroExitCode");
    status
        .putObject("details")
        .putArray("causes")
        .addObject()
        .put("reason", "ExitCode")
        .put("message", Integer.toString(code));
    return status;
  }

  private static ObjectNode failed(String message) {
    return ApiException.of(500, "InternalError", message).status();
  }

  private static ChannelFuture send(Channel channel, int stream, ByteBuf data) {
    ByteBuf head = Unpooled.wrappedBuffer(new byte[] {(byte) stream});
    return channel.writeAndFlush(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(head, data)));
  }
}
