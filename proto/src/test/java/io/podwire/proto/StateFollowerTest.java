package io.podwire.proto;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import io.podwire.cluster.model.ClusterUpdate;
import io.podwire.cluster.model.ModelKind;
import io.podwire.cluster.model.Namespace;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.PodPhase;
import io.podwire.cluster.model.PodStatus;
import io.podwire.proto.v1.AgentMessage;
import io.podwire.proto.v1.ClusterSyncGrpc;
import io.podwire.proto.v1.Hello;
import io.podwire.proto.v1.Update;
import io.podwire.proto.v1.WatchRequest;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StateFollowerTest {

  private final Script first = new Script();
  private final Script second = new Script();
  private final Recorder recorder = new Recorder();
  private final CopyOnWriteArrayList<AutoCloseable> open = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  @Test
  void shouldResumeAfterTheLastRevisionWhenTheStreamBreaks() throws IOException {
    serve("resume", first);
    watch("resume");
    await().until(() -> first.watches.size() == 1);
    assertThat(first.watches.get(0).getRevision()).isZero();
    first.send(snapshot(41));
    first.send(new ClusterUpdate.Delta(42, List.of(upsert("a"))));
    await().until(() -> recorder.updates.size() == 2);

    first.fail(Status.UNAVAILABLE);

    await().until(() -> first.watches.size() == 2);
    assertThat(first.watches.get(1).getRevision()).isEqualTo(42);
  }

  @Test
  void shouldNotResumeFromHalfASnapshot() throws IOException {
    serve("half", first);
    watch("half");
    await().until(() -> first.watches.size() == 1);
    first.sendRaw(Update.newBuilder().setRevision(9).setSnapshot(true).build());

    first.fail(Status.UNAVAILABLE);

    await().until(() -> first.watches.size() == 2);
    assertThat(first.watches.get(1).getRevision()).isZero();
    assertThat(recorder.updates).isEmpty();
  }

  @Test
  void shouldTurnToTheNextControlPlane() throws IOException {
    serve("turn-2", second);
    watch("turn-1", "turn-2");

    await().until(() -> second.watches.size() == 1);
    second.send(snapshot(5));

    await().until(() -> recorder.updates.size() == 1);
  }

  @Test
  void shouldAskForASnapshotAfterTheListenerFailed() throws IOException {
    serve("fails", first);
    recorder.failNext = true;
    watch("fails");
    await().until(() -> first.watches.size() == 1);
    first.send(snapshot(7));

    await().until(() -> first.watches.size() == 2);
    assertThat(first.watches.get(1).getRevision()).isZero();
    first.send(snapshot(8));

    await().until(() -> recorder.updates.equals(List.of(snapshot(8))));
  }

  @Test
  void shouldNotDeliverHeartbeatsButResumeAfterThem() throws IOException {
    serve("heartbeat", first);
    watch("heartbeat");
    await().until(() -> first.watches.size() == 1);
    first.send(snapshot(7));
    first.send(new ClusterUpdate.Delta(90, List.of()));
    first.send(new ClusterUpdate.Delta(91, List.of(upsert("a"))));
    first.send(new ClusterUpdate.Delta(95, List.of()));
    await().until(() -> recorder.updates.size() == 2);
    first.fail(Status.UNAVAILABLE);

    await().until(() -> first.watches.size() == 2);
    assertThat(first.watches.get(1).getRevision()).isEqualTo(95);
    assertThat(recorder.updates).hasSize(2);
  }

  @Test
  void shouldSendTheLatestStatusOfEachPodAgainOnANewStream() throws IOException {
    serve("statuses", first);
    StateFollower follower = session("statuses");
    await().until(() -> first.hellos().size() == 1);
    first.send(snapshot(3));
    await().until(() -> recorder.updates.size() == 1);
    follower.send(status("a", PodPhase.PENDING));
    follower.send(status("a", PodPhase.RUNNING));
    follower.send(status("b", PodPhase.RUNNING));
    await().until(() -> first.statuses().contains(status("b", PodPhase.RUNNING)));
    first.received.clear();

    first.fail(Status.UNAVAILABLE);
    await().until(() -> first.hellos().size() == 1);
    assertThat(first.hellos().get(0).getRevision()).isEqualTo(3);
    first.send(new ClusterUpdate.Delta(3, List.of()));

    await().until(() -> first.statuses().size() == 2);
    assertThat(first.statuses())
        .containsExactlyInAnyOrder(status("a", PodPhase.RUNNING), status("b", PodPhase.RUNNING));
  }

  @Test
  void shouldForgetTheStatusOfARemovedPod() throws IOException {
    serve("forget", first);
    StateFollower follower = session("forget");
    await().until(() -> first.hellos().size() == 1);
    first.send(snapshot(3));
    await().until(() -> recorder.updates.size() == 1);
    follower.send(status("a", PodPhase.SUCCEEDED));
    follower.send(status("b", PodPhase.RUNNING));
    await().until(() -> first.statuses().size() == 2);
    first.send(
        new ClusterUpdate.Delta(
            4, List.of(new ClusterUpdate.Removal(ModelKind.POD, new ObjectName("ns", "a")))));
    await().until(() -> recorder.updates.size() == 2);
    first.received.clear();

    first.fail(Status.UNAVAILABLE);
    await().until(() -> first.hellos().size() == 1);
    first.send(new ClusterUpdate.Delta(4, List.of()));

    await().until(() -> !first.statuses().isEmpty());
    assertThat(first.statuses()).containsExactly(status("b", PodPhase.RUNNING));
  }

  @Test
  void shouldReportARefusalAndGoOnTrying() throws IOException {
    serve("refused", first);
    session("refused");
    await().until(() -> first.hellos().size() == 1);

    first.fail(Status.ALREADY_EXISTS.withDescription("node n1 is held by another agent"));

    await().until(() -> recorder.refusals.equals(List.of("node n1 is held by another agent")));
    await().until(() -> first.hellos().size() == 2);
  }

  @Test
  void shouldReportWhatWasAppliedOnceForManySteps() throws IOException {
    serve("applied", first);
    StateFollower follower = session("applied");
    await().until(() -> first.hellos().size() == 1);
    first.send(snapshot(1));
    for (int revision = 1; revision <= 50; revision++) {
      follower.applied(revision);
    }

    await().until(() -> first.applied().contains(50L));
    follower.applied(51);
    await().until(() -> first.applied().contains(51L));
    // However slow the machine: those of one moment are never told one by one.
    assertThat(first.applied()).hasSizeLessThan(50).isSorted();
  }

  @Test
  void shouldTakeMoreMessagesThanItAsksForAtOnce() throws IOException {
    serve("many", first);
    watch("many");
    await().until(() -> first.watches.size() == 1);
    first.send(snapshot(1));
    for (int revision = 2; revision <= 100; revision++) {
      first.send(new ClusterUpdate.Delta(revision, List.of(upsert("n" + revision))));
    }

    await().until(() -> recorder.updates.size() == 100);
    assertThat(recorder.updates).extracting(ClusterUpdate::revision).isSorted();
  }

  private void serve(String name, Script script) throws IOException {
    Server server = InProcessServerBuilder.forName(name).addService(script).build().start();
    open.add(() -> server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS));
  }

  private void watch(String... addresses) {
    StateFollower follower =
        StateFollower.watch(List.of(addresses), StateFollowerTest::channel, "test", recorder);
    open.add(0, follower);
    follower.start();
  }

  private StateFollower session(String address) {
    StateFollower follower =
        StateFollower.session(
            List.of(address),
            StateFollowerTest::channel,
            Hello.newBuilder().setNodeName("n1").build(),
            recorder);
    open.add(0, follower);
    follower.start();
    return follower;
  }

  private static ManagedChannel channel(String address) {
    return InProcessChannelBuilder.forName(address).build();
  }

  private static ClusterUpdate.Snapshot snapshot(long revision) {
    return new ClusterUpdate.Snapshot(revision, new RandomModel(1).config(), List.of());
  }

  private static ClusterUpdate.Upsert upsert(String name) {
    return new ClusterUpdate.Upsert(new Namespace(name));
  }

  private static PodStatus status(String name, PodPhase phase) {
    return new PodStatus(
        new ObjectName("ns", name), "uid", phase, List.of(), true, "", "", List.of(), false);
  }

  private static final class Recorder implements StateFollower.Listener {
    final List<ClusterUpdate> updates = new CopyOnWriteArrayList<>();
    final List<String> refusals = new CopyOnWriteArrayList<>();
    volatile boolean failNext;

    @Override
    public void updated(ClusterUpdate update) {
      if (failNext) {
        failNext = false;
        throw new IllegalStateException("asked to fail");
      }
      updates.add(update);
    }

    @Override
    public void refused(String reason) {
      refusals.add(reason);
    }
  }

  /** A control plane that does what the test tells it. */
  private static final class Script extends ClusterSyncGrpc.ClusterSyncImplBase {
    final List<WatchRequest> watches = new CopyOnWriteArrayList<>();
    final List<AgentMessage> received = new CopyOnWriteArrayList<>();
    private volatile @Nullable StreamObserver<Update> stream;

    @Override
    public void watch(WatchRequest request, StreamObserver<Update> responses) {
      stream = responses;
      watches.add(request);
    }

    @Override
    public StreamObserver<AgentMessage> session(StreamObserver<Update> responses) {
      stream = responses;
      return new StreamObserver<>() {
        @Override
        public void onNext(AgentMessage message) {
          received.add(message);
        }

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onCompleted() {}
      };
    }

    List<Hello> hellos() {
      return received.stream().filter(AgentMessage::hasHello).map(AgentMessage::getHello).toList();
    }

    List<Long> applied() {
      return received.stream()
          .filter(AgentMessage::hasApplied)
          .map(message -> message.getApplied().getRevision())
          .toList();
    }

    List<PodStatus> statuses() {
      return received.stream()
          .filter(AgentMessage::hasPodStatus)
          .map(message -> ProtoTranslator.fromMessage(message.getPodStatus()))
          .toList();
    }

    void send(ClusterUpdate update) {
      ProtoTranslator.toMessages(update).forEach(this::sendRaw);
    }

    void sendRaw(Update update) {
      requireNonNull(stream).onNext(update);
    }

    void fail(Status status) {
      requireNonNull(stream).onError(status.asRuntimeException());
    }
  }
}
