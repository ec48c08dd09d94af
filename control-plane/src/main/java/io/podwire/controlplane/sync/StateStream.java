package io.podwire.controlplane.sync;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.podwire.cluster.model.ModelObject;
import io.podwire.proto.v1.Update;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/**
 * One follower's stream: sends the state, then whatever has changed since, as fast as the follower
 * takes it.
 *
 * <p>Nothing is queued: a slow follower's next message is made when there is room for it, and where
 * the log has forgotten what it missed, it gets a new snapshot. Thread-safe.
 */
final class StateStream {

  private static final int CHANGES_PER_MESSAGE = 500;

  private final StateFeed feed;
  private final Predicate<ModelObject> visible;
  private final ServerCallStreamObserver<Update> observer;
  private final Executor executor;
  private final AtomicBoolean wanted = new AtomicBoolean();
  private final AtomicBoolean running = new AtomicBoolean();
  private final AtomicBoolean sign = new AtomicBoolean();
  private volatile boolean ended;
  // Both are touched by the one running pump only.
  private boolean snapshotNeeded;
  private long sent;

  /**
   * @param known the revision that the follower has; 0 asks for a snapshot
   */
  StateStream(
      StateFeed feed,
      Predicate<ModelObject> visible,
      ServerCallStreamObserver<Update> observer,
      Executor executor,
      long known) {
    this.feed = feed;
    this.visible = visible;
    this.observer = observer;
    this.executor = executor;
    this.sent = known;
    this.snapshotNeeded = known == 0;
  }

  /** Sends at once, if only a sign of life. */
  void start() {
    signOfLife();
  }

  /** Has the follower told that this control plane is there, though nothing may have changed. */
  void signOfLife() {
    sign.set(true);
    changed();
  }

  /** There may be something to send, or room to send it. */
  void changed() {
    wanted.set(true);
    if (!ended && running.compareAndSet(false, true)) {
      executor.execute(this::pump);
    }
  }

  private void pump() {
    while (!ended && wanted.getAndSet(false)) {
      try {
        send();
      } catch (RuntimeException e) {
        end(Status.INTERNAL.withDescription(e.toString()));
      }
    }
    running.set(false);
    if (wanted.get()) {
      changed();
    }
  }

  private void send() {
    while (!ended && observer.isReady()) {
      if (snapshotNeeded) {
        sendAll(feed.snapshot(visible));
        snapshotNeeded = false;
        continue;
      }
      Optional<StateFeed.Step> delta = feed.after(sent, visible, CHANGES_PER_MESSAGE);
      if (delta.isEmpty()) {
        snapshotNeeded = true;
      } else if (!delta.get().isEmpty() || sign.get()) {
        sendAll(delta.get());
      } else {
        return;
      }
    }
  }

  private void sendAll(StateFeed.Step step) {
    sign.set(false);
    synchronized (this) {
      if (!ended) {
        step.messages().forEach(observer::onNext);
      }
    }
    sent = step.revision();
  }

  /** Ends the stream with a reason; a stream that has ended stays as it is. */
  synchronized void end(Status reason) {
    if (!ended) {
      ended = true;
      observer.onError(reason.asRuntimeException());
    }
  }

  boolean hasEnded() {
    return ended;
  }

  /** The follower is gone. */
  synchronized void cancelled() {
    ended = true;
  }
}
