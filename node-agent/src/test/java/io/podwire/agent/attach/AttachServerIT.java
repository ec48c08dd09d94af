package io.podwire.agent.attach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.podwire.agent.pod.BuiltInImages;
import io.podwire.agent.pod.PodFleet;
import io.podwire.agent.pod.RecordingNetwork;
import io.podwire.cluster.attach.AttachJson;
import io.podwire.cluster.attach.AttachReply;
import io.podwire.cluster.attach.AttachReply.Reason;
import io.podwire.cluster.attach.AttachRequest;
import io.podwire.cluster.attach.PodDescription;
import io.podwire.cluster.attach.PodNetwork;
import io.podwire.cluster.model.ObjectName;
import io.podwire.linux.LinuxException;
import io.podwire.linux.NetworkNamespace;
import io.podwire.linux.Pipe;
import io.podwire.linux.RequiresRoot;
import io.podwire.linux.Tap;
import io.podwire.linux.UnixSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@RequiresRoot
class AttachServerIT {

  private static final ObjectName DB = new ObjectName("shop", "db");
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path state;

  private final RecordingNetwork network = new RecordingNetwork();
  private final OnePodRegistry registry = new OnePodRegistry();
  private NetworkNamespace namespace;
  private Tap tap;
  private PodFleet fleet;
  private AttachServer server;

  @BeforeEach
  void start() {
    namespace = NetworkNamespace.create();
    tap = namespace.call(() -> Tap.open("eth0"));
    startAgent();
  }

  private void startAgent() {
    fleet =
        new PodFleet(
            state, network, BuiltInImages.onClasspath("/none"), registry, registry::report);
    server =
        AttachServer.start(
            state.resolve("attach.sock"), "node-1", network.node(), fleet.attached(), registry);
    registry.connect(fleet::reconcile);
  }

  private void stopAgent() {
    registry.connect(all -> {});
    server.close();
    fleet.close();
  }

  @AfterEach
  void stop() {
    stopAgent();
    tap.close();
    namespace.close();
  }

  private UnixSocket connect() {
    return UnixSocket.connect(state.resolve("attach.sock"));
  }

  private static AttachReply ask(UnixSocket agent, AttachRequest request, @Nullable Tap passed) {
    agent.send(AttachJson.write(request), passed == null ? null : passed.descriptor());
    return AttachJson.readReply(agent.receive().orElseThrow());
  }

  private static AttachRequest db(String label, String uid) {
    return new AttachRequest.Attach(
        new PodDescription(DB, Map.of("app", label), List.of(), null, null), uid, null);
  }

  private PodNetwork attached(UnixSocket agent, String label, String uid) {
    AttachReply reply = ask(agent, db(label, uid), tap);
    assertThat(reply).isInstanceOf(AttachReply.Attached.class);
    return ((AttachReply.Attached) reply).network();
  }

  private static void assertRefused(AttachReply reply, Reason reason, String message) {
    assertThat(reply).isInstanceOf(AttachReply.Refused.class);
    assertThat(((AttachReply.Refused) reply).reason()).isEqualTo(reason);
    assertThat(((AttachReply.Refused) reply).message()).contains(message);
  }

  @Test
  void shouldPlugATapInAndSayHowToSetItUp() {
    try (UnixSocket agent = connect()) {
      PodNetwork pod = attached(agent, "db", "");

      assertThat(network.attached()).containsEntry(DB, pod.address());
      assertThat(pod.prefixLength()).isEqualTo(24);
      assertThat(pod.mtu()).isEqualTo(1450);
      assertThat(pod.resolver().search()).startsWith("shop.svc.cluster.local");
      assertThat(pod.hosts()).hasSize(1);
      assertThat(ask(agent, new AttachRequest.Detach(""), null)).isEqualTo(new AttachReply.Done());
      assertThat(network.attached()).isEmpty();
      assertThat(registry.isEmpty()).isTrue();
    }
  }

  @Test
  void shouldEndThePodSomeTimeAfterItsHolder() {
    UnixSocket agent = connect();
    attached(agent, "db", "");
    agent.close();

    await().atMost(PATIENCE).until(() -> network.attached().isEmpty());
    assertThat(registry.isEmpty()).as("gone before anybody could come back").isFalse();
    await().atMost(PATIENCE).until(registry::isEmpty);
  }

  @Test
  void shouldBeTheSamePodWhenTheSameDescriptionComesBack() {
    UnixSocket first = connect();
    PodNetwork before = attached(first, "db", "");
    first.close();
    await().atMost(PATIENCE).until(() -> network.attached().isEmpty());

    try (UnixSocket second = connect()) {
      assertThat(attached(second, "db", "")).isEqualTo(before);
    }
  }

  @Test
  void shouldBeAnotherPodWhenAnotherDescriptionTakesTheName() {
    UnixSocket first = connect();
    PodNetwork before = attached(first, "db", "");
    first.close();
    await().atMost(PATIENCE).until(() -> network.attached().isEmpty());

    try (UnixSocket second = connect()) {
      assertThat(attached(second, "cache", "").uid()).isNotEqualTo(before.uid());
    }
  }

  @Test
  void shouldRefuseANameThatIsHeld() {
    try (UnixSocket first = connect();
        UnixSocket second = connect()) {
      attached(first, "db", "");

      assertRefused(ask(second, db("db", ""), tap), Reason.TAKEN, "choose another name");
      assertRefused(ask(first, db("db", ""), tap), Reason.INVALID, "has a Pod already");
      assertThat(network.attached()).containsKey(DB);
    }
  }

  @Test
  void shouldRefuseToBeAPodThatIsNoMore() {
    try (UnixSocket agent = connect()) {
      assertRefused(ask(agent, db("db", "uid-0"), tap), Reason.GONE, "is no more");
      assertThat(registry.isEmpty()).isTrue();
    }
  }

  @Test
  void shouldRefuseWhatIsNoTapAndCreateNothing() {
    try (UnixSocket agent = connect();
        Pipe pipe = Pipe.open()) {
      assertRefused(ask(agent, db("db", ""), null), Reason.INVALID, "no descriptor");
      agent.send(AttachJson.write(db("db", "")), pipe.readEnd().number());
      assertRefused(
          AttachJson.readReply(agent.receive().orElseThrow()), Reason.INVALID, "IFF_VNET_HDR");
      agent.send("nonsense", null);
      assertRefused(
          AttachJson.readReply(agent.receive().orElseThrow()), Reason.INVALID, "not JSON");
      assertThat(registry.isEmpty()).isTrue();
      assertThat(ask(agent, new AttachRequest.Ping(), null))
          .isEqualTo(new AttachReply.Pong("node-1"));
    }
  }

  @Test
  void shouldLeaveNothingWhenThePodIsNotTold() {
    registry.setMute(true);
    try (UnixSocket agent = connect()) {
      assertRefused(ask(agent, db("db", ""), tap), Reason.UNAVAILABLE, "has not told");
    }
    registry.setMute(false);
    registry.connect(fleet::reconcile);

    await().atMost(PATIENCE).until(registry::isEmpty);
    assertThat(network.attached()).isEmpty();
  }

  @Test
  void shouldTellTheHolderWhenThePodIsDeleted() {
    try (UnixSocket agent = connect()) {
      String uid = attached(agent, "db", "").uid();
      registry.delete(DB, uid);

      assertThat(AttachJson.readReply(agent.receive().orElseThrow()))
          .isEqualTo(new AttachReply.Ended("Pod shop/db is no more: it was deleted"));
      assertThat(agent.receive()).isEmpty();
      await().atMost(PATIENCE).until(registry::isEmpty);
    }
  }

  @Test
  void shouldBeTheSamePodToTheNextAgent() {
    PodNetwork before;
    try (UnixSocket agent = connect()) {
      before = attached(agent, "db", "");
      stopAgent();
      assertThat(agent.receive()).isEmpty();
    }
    startAgent();

    try (UnixSocket agent = connect()) {
      assertThat(attached(agent, "db", before.uid())).isEqualTo(before);
      assertThat(network.attached()).containsEntry(DB, before.address());
    }
  }

  @Test
  void shouldNotTakeAnotherAgentsSocket() {
    Path socket = state.resolve("attach.sock");

    assertThatThrownBy(
            () -> AttachServer.start(socket, "node-2", network.node(), fleet.attached(), registry))
        .isInstanceOf(LinuxException.class)
        .hasMessageContaining("another agent listens there");
    server.close();
    assertThat(Files.exists(socket)).isFalse();
    // As a killed agent leaves it.
    UnixSocket.listen(socket).close();
    server = AttachServer.start(socket, "node-1", network.node(), fleet.attached(), registry);
    try (UnixSocket agent = connect()) {
      assertThat(ask(agent, new AttachRequest.Ping(), null)).isInstanceOf(AttachReply.Pong.class);
    }
  }
}
