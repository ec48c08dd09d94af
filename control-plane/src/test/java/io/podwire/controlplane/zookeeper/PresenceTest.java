package io.podwire.controlplane.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.podwire.controlplane.zookeeper.Presence.Session;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PresenceTest {

  @TempDir Path directory;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private EmbeddedZooKeeper zooKeeper;
  private Presence first;
  private Presence second;

  @BeforeEach
  void start() throws Exception {
    zooKeeper = EmbeddedZooKeeper.start(directory);
    first = sessions("cp-1");
    second = sessions("cp-2");
  }

  @AfterEach
  void stop() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
    zooKeeper.close();
  }

  @Test
  void shouldShowEveryControlPlaneWhichNodesAreLive() {
    Session session = new Session("n1", "i1", "172.30.0.11:4789", "cp-1");
    assertThat(first.hold(session)).isEmpty();
    await().until(() -> second.live().keySet().equals(Set.of("n1")));

    first.release(session);

    await().until(() -> second.live().isEmpty());
    await().until(() -> first.live().isEmpty());
  }

  @Test
  void shouldRefuseASecondAgentOfTheSameName() {
    Session one = new Session("n1", "i1", "172.30.0.11:4789", "cp-1");
    first.hold(one);

    assertThat(second.hold(new Session("n1", "i2", "172.30.0.12:4789", "cp-2"))).contains(one);
  }

  @Test
  void shouldLetAnAgentMoveToAnotherControlPlane() {
    Session before = new Session("n1", "i1", "172.30.0.11:4789", "cp-1");
    first.hold(before);

    assertThat(second.hold(new Session("n1", "i1", "172.30.0.11:4789", "cp-2"))).isEmpty();
    first.release(before);

    await().until(() -> first.live().keySet().equals(Set.of("n1")));
    assertThat(second.hold(new Session("n1", "i9", "172.30.0.19:4789", "cp-2"))).isPresent();
  }

  @Test
  void shouldLetARestartedAgentTakeItsNameAtOnce() {
    first.hold(new Session("n1", "i1", "172.30.0.11:4789", "cp-1"));

    assertThat(first.hold(new Session("n1", "i2", "172.30.0.11:4789", "cp-1"))).isEmpty();
  }

  @Test
  void shouldTakeTheNamesAgainWhenTheSessionExpired() {
    first.hold(new Session("n1", "i1", "172.30.0.11:4789", "cp-1"));
    await().until(() -> second.live().keySet().equals(Set.of("n1")));

    zooKeeper.expireSessions();
    zooKeeper.cutConnections();

    await()
        .until(() ->
            first.live().keySet().equals(Set.of("n1"))
                && second.hold(new Session("n1", "i2", "172.30.0.12:4789", "cp-2")).isPresent());
  }

  @Test
  void shouldRemoveWhatAnEarlierRunLeftBehind() throws InterruptedException {
    first.hold(new Session("n1", "i1", "172.30.0.11:4789", "cp-1"));
    await().until(() -> second.live().keySet().equals(Set.of("n1")));

    // As after a kill: nobody holds the name any more, but its session has not expired yet.
    first.close();
    Presence restarted = sessions("cp-1");

    await().until(() -> restarted.live().isEmpty());
  }

  private Presence sessions(String holder) throws InterruptedException {
    ZooKeeperConnection connection = new ZooKeeperConnection(zooKeeper.connectString());
    open.push(connection);
    Presence sessions = Presence.ofNodes(connection);
    open.push(sessions);
    sessions.start();
    sessions.removeLeftovers(holder);
    return sessions;
  }
}
