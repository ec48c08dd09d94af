package io.podwire.agent.api;

import io.grpc.stub.StreamObserver;
import io.podwire.proto.v1.ExecInput;
import io.podwire.proto.v1.ExecOutput;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What came back from an exec. */
final class Transcript implements StreamObserver<ExecOutput> {

  private final StringBuilder stdout = new StringBuilder();
  private final StringBuilder stderr = new StringBuilder();
  private final CompletableFuture<String> end = new CompletableFuture<>();
  private String last = "nothing";
  private @Nullable StreamObserver<ExecInput> in;

  void in(StreamObserver<ExecInput> requests) {
    in = requests;
  }

  StreamObserver<ExecInput> in() {
    return Objects.requireNonNull(in);
  }

  @Override
  public void onNext(ExecOutput message) {
    switch (message.getOutputCase()) {
      case STDOUT -> stdout.append(message.getStdout().toStringUtf8());
      case STDERR -> stderr.append(message.getStderr().toStringUtf8());
      case EXIT_CODE -> last = "exit " + message.getExitCode();
      case FAILURE -> last = "failure " + message.getFailure();
      case OUTPUT_NOT_SET -> last = "empty";
    }
  }

  @Override
  public void onError(Throwable failure) {
    end.complete(failure.toString());
  }

  @Override
  public void onCompleted() {
    end.complete(last);
  }

  /** The last message, once the call has ended. */
  String end() {
    return end.completeOnTimeout("timed out", 30, TimeUnit.SECONDS).join();
  }

  String stdout() {
    return stdout.toString();
  }

  String stderr() {
    return stderr.toString();
  }
}
