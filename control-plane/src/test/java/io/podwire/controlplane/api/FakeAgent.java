package io.podwire.controlplane.api;

import com.google.protobuf.ByteString;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.podwire.proto.v1.AgentAccessGrpc;
import io.podwire.proto.v1.CaptureChunk;
import io.podwire.proto.v1.CaptureRequest;
import io.podwire.proto.v1.ExecInput;
import io.podwire.proto.v1.ExecOutput;
import io.podwire.proto.v1.ExecStart;
import io.podwire.proto.v1.LogChunk;
import io.podwire.proto.v1.LogRequest;
import io.podwire.proto.v1.TerminalSize;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** An agent that runs no programs: what each command does is written here. */
final class FakeAgent extends AgentAccessGrpc.AgentAccessImplBase implements AutoCloseable {

  static final int FLOOD_CHUNK = 32 << 10;
  static final int FLOOD_CHUNKS = 1024;

  final List<ExecStart> started = new CopyOnWriteArrayList<>();
  final List<TerminalSize> sizes = new CopyOnWriteArrayList<>();
  final List<LogRequest> logRequests = new CopyOnWriteArrayList<>();
  final List<CaptureRequest> captureRequests = new CopyOnWriteArrayList<>();
  final CountDownLatch cancelled = new CountDownLatch(1);
  final AtomicLong flooded = new AtomicLong();
  private final Server server;

  FakeAgent() throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
            .addService(this)
            .build()
            .start();
  }

  int port() {
    return server.getPort();
  }

  @Override
  public StreamObserver<ExecInput> exec(StreamObserver<ExecOutput> responses) {
    ServerCallStreamObserver<ExecOutput> output = (ServerCallStreamObserver<ExecOutput>) responses;
    output.setOnCancelHandler(cancelled::countDown);
    output.setOnReadyHandler(() -> flood(output));
    return new StreamObserver<>() {
      private String program = "";

      @Override
      public void onNext(ExecInput input) {
        switch (input.getInputCase()) {
          case START -> {
            started.add(input.getStart());
            program = input.getStart().getCommand(0);
            start(program, input.getStart(), output);
          }
          case STDIN -> output.onNext(stdout(input.getStdin()));
          case RESIZE -> sizes.add(input.getResize());
          case STDIN_CLOSED -> exit(output, 0);
          case INPUT_NOT_SET -> {}
        }
      }

      @Override
      public void onError(Throwable failure) {}

      @Override
      public void onCompleted() {}
    };
  }

  private void start(String program, ExecStart start, ServerCallStreamObserver<ExecOutput> output) {
    switch (program) {
      case "sh" -> {
        output.onNext(stdout(ByteString.copyFromUtf8("out")));
        output.onNext(ExecOutput.newBuilder().setStderr(ByteString.copyFromUtf8("err")).build());
        exit(output, Integer.parseInt(start.getCommand(1)));
      }
      case "missing" -> {
        output.onNext(ExecOutput.newBuilder().setFailure("no program 'missing'").build());
        output.onCompleted();
      }
      case "broken" ->
          output.onError(Status.INTERNAL.withDescription("agent broke").asRuntimeException());
      case "flood" -> flood(output);
      default -> {}
    }
  }

  /** As much as the stream takes; all of it only if the reader reads. */
  private void flood(ServerCallStreamObserver<ExecOutput> output) {
    if (started.isEmpty() || !started.getLast().getCommand(0).equals("flood")) {
      return;
    }
    while (output.isReady() && flooded.get() < FLOOD_CHUNKS) {
      output.onNext(stdout(ByteString.copyFrom(new byte[FLOOD_CHUNK])));
      if (flooded.incrementAndGet() == FLOOD_CHUNKS) {
        exit(output, 0);
      }
    }
  }

  private static void exit(StreamObserver<ExecOutput> output, int code) {
    output.onNext(ExecOutput.newBuilder().setExitCode(code).build());
    output.onCompleted();
  }

  private static ExecOutput stdout(ByteString data) {
    return ExecOutput.newBuilder().setStdout(data).build();
  }

  @Override
  public void logs(LogRequest request, StreamObserver<LogChunk> responses) {
    logRequests.add(request);
    if (request.getPrevious()) {
      responses.onError(
          Status.NOT_FOUND
              .withDescription("the container has not run before")
              .asRuntimeException());
      return;
    }
    ((ServerCallStreamObserver<LogChunk>) responses).setOnCancelHandler(cancelled::countDown);
    responses.onNext(LogChunk.newBuilder().setData(ByteString.copyFromUtf8("one\n")).build());
    responses.onNext(LogChunk.newBuilder().setData(ByteString.copyFromUtf8("two\n")).build());
    if (!request.getFollow()) {
      responses.onCompleted();
    }
  }

  @Override
  public void capture(CaptureRequest request, StreamObserver<CaptureChunk> responses) {
    captureRequests.add(request);
    if (request.getFilter().equals("wrong")) {
      responses.onError(
          Status.INVALID_ARGUMENT.withDescription("filter \"wrong\"").asRuntimeException());
      return;
    }
    ((ServerCallStreamObserver<CaptureChunk>) responses).setOnCancelHandler(cancelled::countDown);
    responses.onNext(CaptureChunk.newBuilder().setData(ByteString.copyFromUtf8("one")).build());
    responses.onNext(CaptureChunk.newBuilder().setData(ByteString.copyFromUtf8("two")).build());
    if (request.getCount() > 0) {
      responses.onCompleted();
    }
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
