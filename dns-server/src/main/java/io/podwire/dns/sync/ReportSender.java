package io.podwire.dns.sync;

import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import io.podwire.cluster.model.FaultReport;
import io.podwire.proto.ProtoTranslator;
import io.podwire.proto.v1.Acknowledged;
import io.podwire.proto.v1.ClusterSyncGrpc;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Tells a control plane what faults have done; after a failure the next one is asked next time.
 *
 * <p>Connects when there is something to tell. Thread-safe.
 */
public final class ReportSender implements AutoCloseable {
  private static final long TIMEOUT_SECONDS = 5;

  private final List<String> controlPlanes;
  private final Function<String, ManagedChannel> channels;
  private @Nullable ManagedChannel current;
  private int next;
  private boolean closed;

  public ReportSender(List<String> controlPlanes, Function<String, ManagedChannel> channels) {
    this.controlPlanes = List.copyOf(controlPlanes);
    this.channels = channels;
  }

  /** Does not block; completes once a control plane has taken it, fails where it did not. */
  public CompletionStage<Void> send(FaultReport report) {
    CompletableFuture<Void> taken = new CompletableFuture<>();
    ManagedChannel channel = channel();
    if (channel == null) {
      taken.completeExceptionally(new IllegalStateException("closed"));
      return taken;
    }
    ClusterSyncGrpc.newStub(channel)
        .withDeadlineAfter(TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .report(
            ProtoTranslator.toMessage(report),
            new StreamObserver<>() {
              @Override
              public void onNext(Acknowledged answer) {
                taken.complete(null);
              }

              @Override
              public void onError(Throwable failure) {
                leave(channel);
                taken.completeExceptionally(failure);
              }

              @Override
              public void onCompleted() {
                taken.complete(null);
              }
            });
    return taken;
  }

  private synchronized @Nullable ManagedChannel channel() {
    if (current == null && !closed) {
      current = channels.apply(controlPlanes.get(next));
    }
    return current;
  }

  // Other reports may have failed on it, too.
  @SuppressWarnings("ReferenceEquality")
  private synchronized void leave(ManagedChannel channel) {
    if (channel == current) {
      current = null;
      next = (next + 1) % controlPlanes.size();
      channel.shutdown();
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (current != null) {
      current.shutdownNow();
      current = null;
    }
  }
}
