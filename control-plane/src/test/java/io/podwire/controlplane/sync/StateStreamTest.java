package io.podwire.controlplane.sync;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.stub.ServerCallStreamObserver;
import io.podwire.cluster.store.MemoryStore;
import io.podwire.cluster.store.ResourceKey;
import io.podwire.proto.v1.Update;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A follower that is slow, seen from the sending side. */
class StateStreamTest {

  private final MemoryStore store = new MemoryStore();
  private final StateFeed feed = new StateFeed(store, StateFeedTest.CONFIG, 5);
  private final Follower follower = new Follower();

  @Test
  void shouldSendNothingMoreWhileTheFollowerIsBusyAndCatchUpInOneMessage() {
    StateStream stream = open(0);
    assertThat(follower.received).hasSize(1);
    follower.ready = false;
    create("a");
    create("b");
    stream.changed();
    assertThat(follower.received).hasSize(1);

    follower.ready = true;
    stream.changed();

    assertThat(follower.received).hasSize(2);
    assertThat(follower.received.get(1).getSnapshot()).isFalse();
    assertThat(follower.received.get(1).getChangesCount()).isEqualTo(2);
  }

  @Test
  void shouldSendANewSnapshotToAFollowerThatFellBehindTheLog() {
    StateStream stream = open(0);
    follower.ready = false;
    for (int i = 0; i < 20; i++) {
      create("n" + i);
      stream.changed();
    }

    follower.ready = true;
    stream.changed();

    assertThat(follower.received).hasSize(2);
    assertThat(follower.received.get(1).getSnapshot()).isTrue();
    assertThat(follower.received.get(1).getChangesCount()).isEqualTo(20);
  }

  @Test
  void shouldResumeWithASignOfLifeWhereNothingHasHappened() {
    feed.start();
    long known = create("a");

    StateStream stream = new StateStream(feed, object -> true, follower, Runnable::run, known);
    stream.start();

    assertThat(follower.received).hasSize(1);
    assertThat(follower.received.get(0).getSnapshot()).isFalse();
    assertThat(follower.received.get(0).getComplete()).isTrue();
    assertThat(follower.received.get(0).getChangesCount()).isZero();
    assertThat(follower.received.get(0).getRevision()).isEqualTo(known);
  }

  @Test
  void shouldSendNothingAfterTheEnd() {
    StateStream stream = open(0);
    stream.cancelled();
    create("a");
    stream.changed();

    assertThat(follower.received).hasSize(1);
  }

  private StateStream open(long known) {
    feed.start();
    StateStream stream = new StateStream(feed, object -> true, follower, Runnable::run, known);
    stream.start();
    return stream;
  }

  private long create(String name) {
    return store
        .create(new ResourceKey("namespaces", "", name), "{}".getBytes(UTF_8), Set.of())
        .revision();
  }

  private static final class Follower extends ServerCallStreamObserver<Update> {
    final List<Update> received = new ArrayList<>();
    boolean ready = true;

    @Override
    public void onNext(Update update) {
      received.add(update);
    }

    @Override
    public boolean isReady() {
      return ready;
    }

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onCompleted() {}

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public void setOnCancelHandler(Runnable handler) {}

    @Override
    public void setCompression(String compression) {}

    @Override
    public void setOnReadyHandler(Runnable handler) {}

    @Override
    public void request(int count) {}

    @Override
    public void setMessageCompression(boolean enable) {}

    @Override
    public void disableAutoInboundFlowControl() {}
  }
}
