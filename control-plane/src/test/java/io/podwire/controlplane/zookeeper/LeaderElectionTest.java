package io.podwire.controlplane.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaderElectionTest {

  @TempDir Path directory;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private EmbeddedZooKeeper zooKeeper;

  @BeforeEach
  void start() throws Exception {
    zooKeeper = EmbeddedZooKeeper.start(directory);
    ZooKeeperConnection connection = connection();
    Znodes.createRoots(connection.handle());
  }

  @AfterEach
  void stop() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
    zooKeeper.close();
  }

  @Test
  void shouldElectOneAndThenAnotherInALaterEpoch() {
    Candidate first = new Candidate("a");
    await().until(() -> first.leading);
    Candidate second = new Candidate("b");

    first.election.close();

    await().until(() -> second.leading);
    assertThat(first.leading).isFalse();
    assertThat(second.epochs.get(0)).isGreaterThan(first.epochs.get(0));
  }

  @Test
  void shouldStandAgainAfterResigning() {
    Candidate only = new Candidate("a");
    await().until(() -> only.leading);

    only.election.resign();

    await().until(() -> only.epochs.size() == 2 && only.leading);
    assertThat(only.epochs).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void shouldEndTheTermWhenTheSessionExpires() {
    Candidate only = new Candidate("a");
    await().until(() -> only.leading);

    zooKeeper.expireSessions();
    zooKeeper.cutConnections();

    await().until(() -> only.epochs.size() == 2 && only.leading);
  }

  private ZooKeeperConnection connection() {
    ZooKeeperConnection connection = new ZooKeeperConnection(zooKeeper.connectString());
    open.push(connection);
    return connection;
  }

  private final class Candidate implements LeaderElection.Listener {
    final List<Long> epochs = new CopyOnWriteArrayList<>();
    final LeaderElection election;
    volatile boolean leading;

    Candidate(String id) {
      election = new LeaderElection(connection(), id, this);
      open.push(election);
      election.start();
    }

    @Override
    public void elected(long epoch) {
      epochs.add(epoch);
      leading = true;
    }

    @Override
    public void deposed() {
      leading = false;
    }
  }
}
