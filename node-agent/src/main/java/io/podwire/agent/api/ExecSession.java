package io.podwire.agent.api;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.podwire.agent.pod.PodFleet;
import io.podwire.proto.v1.ExecInput;
import io.podwire.proto.v1.ExecOutput;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One {@code exec}: a program beside a container's own, its streams and its exit code.
 *
 * <p>What comes in is handed on by a thread of its own and asked for piece by piece, so that a
 * program that reads slowly slows its sender down. A receiver that goes away ends the program.
 */
final class ExecSession implements StreamObserver<ExecInput> {

  private static final Logger LOG = LoggerFactory.getLogger(ExecSession.class);

  private final PodFleet fleet;
  private final ServerCallStreamObserver<ExecOutput> call;
  private final Outbound<ExecOutput> out;
  // At most one message is under way, but for the two that the end of the call adds.
  private final BlockingQueue<Runnable> input = new LinkedBlockingQueue<>();
  private volatile boolean ended;
  private volatile boolean receiverGone;
  private volatile ExecProgram program = ExecProgram.NONE;

  ExecSession(PodFleet fleet, ServerCallStreamObserver<ExecOutput> call) {
    this.fleet = fleet;
    this.call = call;
    this.out = new Outbound<>(call, this::receiverGone);
    call.disableAutoRequest();
    // Platform threads: a program's pipes block, and there are few carriers of virtual threads.
    Thread.ofPlatform().name("exec-input").daemon().start(this::run);
    call.request(1);
  }

  /** Works through what comes in. */
  private void run() {
    try {
      while (!ended) {
        input.take().run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (receiverGone) {
        program.kill();
      }
      program.close();
    }
  }

  @Override
  public void onNext(ExecInput message) {
    input.add(() -> {
      handle(message);
      if (!ended) {
        call.request(1);
      }
    });
  }

  private void handle(ExecInput message) {
    switch (message.getInputCase()) {
      case START -> start(message);
      case STDIN -> program.write(message.getStdin().toByteArray());
      case STDIN_CLOSED -> program.endOfInput();
      case RESIZE ->
          program.resize(message.getResize().getWidth(), message.getResize().getHeight());
      case INPUT_NOT_SET -> LOG.debug("an exec message of an unknown kind is passed over");
    }
  }

  private void start(ExecInput message) {
    if (program != ExecProgram.NONE) {
      out.fail(Status.INVALID_ARGUMENT.withDescription("start was sent twice"));
      end();
      return;
    }
    try {
      program = ExecProgram.start(fleet, message.getStart(), this::output, this::exited);
    } catch (RuntimeException e) {
      out.finish(
          ExecOutput.newBuilder()
              .setFailure(e.getMessage() == null ? e.toString() : e.getMessage())
              .build());
      end();
    }
  }

  private boolean output(byte[] bytes, int length, boolean error) throws InterruptedException {
    ByteString data = ByteString.copyFrom(bytes, 0, length);
    ExecOutput.Builder message = ExecOutput.newBuilder();
    return out.send(error ? message.setStderr(data).build() : message.setStdout(data).build());
  }

  private void exited(int code) {
    out.finish(ExecOutput.newBuilder().setExitCode(code).build());
    end();
  }

  private void end() {
    ended = true;
    input.add(() -> {});
  }

  private void receiverGone() {
    receiverGone = true;
    // At once: the input's thread may be held up by a program that does not read.
    program.kill();
    end();
  }

  @Override
  public void onError(Throwable failure) {
    receiverGone();
  }

  @Override
  public void onCompleted() {
    // The caller has nothing more to say; the program may still have.
    input.add(() -> program.endOfInput());
  }
}
