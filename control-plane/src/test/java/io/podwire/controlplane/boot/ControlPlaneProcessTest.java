package io.podwire.controlplane.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.netty.NettyChannelBuilder;
import io.podwire.cluster.model.ClusterUpdate;
import io.podwire.cluster.model.ModelObject;
import io.podwire.cluster.model.Node;
import io.podwire.cluster.model.Service;
import io.podwire.controlplane.zookeeper.EmbeddedZooKeeper;
import io.podwire.proto.StateFollower;
import io.podwire.proto.v1.Hello;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Whole control planes on loopback: ZooKeeper, API, reconcilers and streams. */
@Timeout(120)
class ControlPlaneProcessTest {

  private static final String NAMESPACE =
      "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: %s\n";

  @TempDir Path directory;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  @AfterEach
  void stop() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }

  @Test
  void shouldKeepItsStateThroughARestart() throws Exception {
    int port = freePort();
    Path manifest = directory.resolve("first.yaml");
    Files.writeString(manifest, NAMESPACE.formatted("shop"));
    Path ready = directory.resolve("ready");
    String[] arguments = {
      "--data=" + directory.resolve("data"),
      "--grpc=127.0.0.1:" + port,
      "--api-socket=" + directory.resolve("api.sock"),
      "--manifest=" + manifest,
      "--ready-file=" + ready
    };
    ControlPlaneProcess first = start(arguments);
    assertThat(ready).exists();
    Replica replica = agent("n1", port);
    await().until(() -> replica.podCidrOf("n1").isPresent());
    String cidr = replica.podCidrOf("n1").orElseThrow();
    assertThat(replica.objects).containsKey("shop");
    long before = replica.revision;

    first.close();
    assertThat(ready).doesNotExist();
    start(arguments);

    await().until(() -> replica.snapshots == 2);
    assertThat(replica.podCidrOf("n1")).contains(cidr);
    assertThat(replica.objects).containsKeys("shop", "default/kubernetes");
    assertThat(replica.revision).isGreaterThanOrEqualTo(before);
    assertThat(replica.readyNodes()).containsExactly("n1");
  }

  @Test
  void shouldServeFromTwoControlPlanesAndGoOnWithOne() throws Exception {
    EmbeddedZooKeeper zooKeeper = EmbeddedZooKeeper.start(directory.resolve("zookeeper"));
    open.push(zooKeeper);
    int firstPort = freePort();
    int secondPort = freePort();
    ControlPlaneProcess first = start(external(zooKeeper, "one", firstPort));
    start(external(zooKeeper, "two", secondPort));
    Replica replica = agent("n1", firstPort, secondPort);
    Replica other = agent("n2", secondPort);
    await().until(() -> replica.podCidrOf("n1").isPresent());
    await().until(() -> replica.podCidrOf("n2").isPresent());
    assertThat(other.podCidrOf("n1")).isNotEqualTo(other.podCidrOf("n2"));

    first.close();
    Replica late = agent("n3", secondPort);

    await().until(() -> late.podCidrOf("n3").isPresent());
    await().until(() -> replica.podCidrOf("n3").isPresent());
    assertThat(replica.objects.get("default/kubernetes")).isInstanceOf(Service.class);
  }

  @Test
  void shouldRefuseOtherRangesThanTheClusterHas() throws Exception {
    EmbeddedZooKeeper zooKeeper = EmbeddedZooKeeper.start(directory.resolve("zookeeper"));
    open.push(zooKeeper);
    start(external(zooKeeper, "one", freePort()));

    List<String> arguments = new ArrayList<>(List.of(external(zooKeeper, "two", freePort())));
    arguments.add("--pod-cidr=10.200.0.0/16");
    arguments.add("--zone=other.test");

    assertThatThrownBy(() -> start(arguments.toArray(String[]::new)))
        .isInstanceOfSatisfying(
            StartupException.class,
            failure ->
                assertThat(failure.problems())
                    .hasSize(2)
                    .anyMatch(problem ->
                        problem.contains("[10.200.0.0/16]")
                            && problem.contains("[10.244.0.0/16]")));
    assertThatThrownBy(() -> start(external(zooKeeper, "one", freePort())))
        .isInstanceOf(StartupException.class)
        .hasMessageContaining("a control plane of this name runs at");
  }

  @Test
  void shouldReportEveryAddressThatIsTaken() throws Exception {
    try (ServerSocket grpc = new ServerSocket(0);
        ServerSocket http = new ServerSocket(0)) {
      assertThatThrownBy(() ->
              start(
                  "--data=" + directory.resolve("data"),
                  "--grpc=127.0.0.1:" + grpc.getLocalPort(),
                  "--http=127.0.0.1:" + http.getLocalPort()))
          .isInstanceOfSatisfying(
              StartupException.class, failure -> assertThat(failure.problems()).hasSize(2));
    }
  }

  @Test
  void shouldRefuseAWrongFirstManifest() throws Exception {
    Path manifest = directory.resolve("first.yaml");
    Files.writeString(manifest, NAMESPACE.formatted("Wrong_Name"));

    assertThatThrownBy(() ->
            start(
                "--data=" + directory.resolve("data"),
                "--grpc=127.0.0.1:" + freePort(),
                "--api-socket=" + directory.resolve("api.sock"),
                "--manifest=" + manifest))
        .isInstanceOf(StartupException.class)
        .hasMessageContaining("first.yaml")
        .hasMessageContaining("Wrong_Name");
  }

  private String[] external(EmbeddedZooKeeper zooKeeper, String id, int port) {
    return new String[] {
      "--zookeeper=" + zooKeeper.connectString(),
      "--grpc=127.0.0.1:" + port,
      "--api-socket=" + directory.resolve(id + ".sock"),
      "--id=" + id
    };
  }

  private ControlPlaneProcess start(String... arguments) throws InterruptedException {
    Options options = new Options();
    new CommandLine(options).parseArgs(arguments);
    ControlPlaneProcess process = new ControlPlaneProcess(SettingsReader.read(options));
    open.push(process);
    process.start();
    return process;
  }

  private Replica agent(String name, int... ports) {
    List<String> addresses = new ArrayList<>();
    for (int port : ports) {
      addresses.add("127.0.0.1:" + port);
    }
    Replica replica = new Replica();
    StateFollower follower =
        StateFollower.session(
            addresses,
            target -> NettyChannelBuilder.forTarget(target).usePlaintext().build(),
            Hello.newBuilder()
                .setNodeName(name)
                .setInstance("instance of " + name)
                .setAddress("172.30.0." + (10 + name.charAt(1) - '0'))
                .setVxlanPort(4789)
                .setAgentPort(10250)
                .build(),
            replica);
    open.push(follower);
    follower.start();
    return replica;
  }

  /** Below the ports that the kernel gives out by itself: nobody else's before it is bound. */
  private static int freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(20_000, 30_000);
      try (ServerSocket socket = new ServerSocket(port)) {
        return socket.getLocalPort();
      } catch (IOException taken) {
        // Another one, then.
      }
    }
  }

  private static final class Replica implements StateFollower.Listener {
    final Map<String, ModelObject> objects = new ConcurrentHashMap<>();
    volatile int snapshots;
    volatile long revision;

    @Override
    public void updated(ClusterUpdate update) {
      if (update instanceof ClusterUpdate.Snapshot snapshot) {
        objects.clear();
        snapshot.objects().forEach(this::put);
        snapshots++;
      } else if (update instanceof ClusterUpdate.Delta delta) {
        for (ClusterUpdate.Change change : delta.changes()) {
          if (change instanceof ClusterUpdate.Upsert upsert) {
            put(upsert.object());
          } else if (change instanceof ClusterUpdate.Removal removal) {
            objects.remove(removal.key().toString());
          }
        }
      }
      revision = update.revision();
    }

    private void put(ModelObject object) {
      // The EndpointSlice of kubernetes has the Service's name.
      if (!(object instanceof io.podwire.cluster.model.EndpointSlice)) {
        objects.put(object.key().toString(), object);
      }
    }

    Optional<String> podCidrOf(String node) {
      return objects.get(node) instanceof Node known && !known.podCidrs().isEmpty()
          ? Optional.of(known.podCidrs().get(0).toString())
          : Optional.empty();
    }

    List<String> readyNodes() {
      return objects.values().stream()
          .filter(object -> object instanceof Node node && node.ready())
          .map(object -> object.key().name())
          .toList();
    }
  }
}
