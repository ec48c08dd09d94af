package io.podwire.agent.api;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;

/**
 * The sending side of a call, which waits while the receiver is slow, so that nothing piles up
 * here.
 *
 * <p>Thread-safe: several threads may send.
 */
final class Outbound<T> {

  private final ServerCallStreamObserver<T> call;
  private boolean cancelled;
  private boolean ended;

  /** To be made within the call's method, before it returns. */
  Outbound(ServerCallStreamObserver<T> call, Runnable onCancel) {
    this.call = call;
    call.setOnReadyHandler(this::wakeUp);
    call.setOnCancelHandler(() -> {
      cancel();
      onCancel.run();
    });
  }

  private synchronized void wakeUp() {
    notifyAll();
  }

  private synchronized void cancel() {
    cancelled = true;
    notifyAll();
  }

  /** Sends once there is room; false where the receiver is gone. */
  synchronized boolean send(T message) throws InterruptedException {
    while (!call.isReady() && !cancelled && !ended) {
      wait();
    }
    if (cancelled || ended) {
      return false;
    }
    call.onNext(message);
    return true;
  }

  /** Sends the last message, whether there is room or not, and ends the call. */
  synchronized void finish(T last) {
    if (!cancelled && !ended) {
      ended = true;
      call.onNext(last);
      call.onCompleted();
      notifyAll();
    }
  }

  synchronized void finish() {
    if (!cancelled && !ended) {
      ended = true;
      call.onCompleted();
      notifyAll();
    }
  }

  synchronized void fail(Status status) {
    if (!cancelled && !ended) {
      ended = true;
      call.onError(status.asRuntimeException());
      notifyAll();
    }
  }

  synchronized boolean isOver() {
    return cancelled || ended;
  }
}
