package io.podwire.controlplane.sync;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.podwire.cluster.attach.PodDescription;
import io.podwire.cluster.model.ClusterUpdate;
import io.podwire.cluster.model.Container;
import io.podwire.cluster.model.ModelObject;
import io.podwire.cluster.model.Node;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Pod;
import io.podwire.cluster.model.PodPhase;
import io.podwire.cluster.model.PodStatus;
import io.podwire.cluster.model.PortRef;
import io.podwire.cluster.model.Probe;
import io.podwire.cluster.model.Protocol;
import io.podwire.cluster.store.MemoryStore;
import io.podwire.cluster.store.ResourceKey;
import io.podwire.cluster.store.Store;
import io.podwire.controlplane.kind.ManifestJson;
import io.podwire.controlplane.kind.ModelReader;
import io.podwire.packet.addr.IpAddress;
import io.podwire.proto.ProtoTranslator;
import io.podwire.proto.StateFollower;
import io.podwire.proto.v1.ClusterSyncGrpc;
import io.podwire.proto.v1.Hello;
import io.podwire.proto.v1.PodPlacement;
import io.podwire.proto.v1.PodRemoval;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real streams over loopback, on a registry in memory. */
class ClusterSyncServiceTest {

  private final MemoryStore store =
      new MemoryStore(1000, Executors.newVirtualThreadPerTaskExecutor());
  private final Names names = new Names();
  private final Placements placements = new Placements();
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private String address = "";

  @BeforeEach
  void start() throws Exception {
    StateFeed feed = new StateFeed(store, StateFeedTest.CONFIG);
    feed.start();
    ClusterSyncService service = new ClusterSyncService(store, feed, names, placements);
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
            .addService(service)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build()
            .start();
    address = "127.0.0.1:" + server.getPort();
    open.push(feed);
    open.push(service);
    open.push(() -> server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS));
  }

  @AfterEach
  void stop() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }

  @Test
  void shouldSendAWatcherTheStateAndThenItsChanges() {
    put("namespaces", "", "shop", "{}");
    put("nodes", "", "n1", "{}");
    Replica replica = watch();
    await().until(() -> replica.names().equals(Set.of("shop")));

    put("services", "shop", "web", "{'spec':{'clusterIP':'10.96.0.20'}}");
    await().until(() -> replica.names().equals(Set.of("shop", "shop/web")));
    store.delete(new ResourceKey("services", "shop", "web"), Store.ANY_REVISION);

    await().until(() -> replica.names().equals(Set.of("shop")));
    assertThat(replica.snapshots).isEqualTo(1);
  }

  @Test
  void shouldShowAnAgentItsOwnPodsOnly() {
    put("pods", "shop", "mine", "{'spec':{'nodeName':'n1','containers':[]}}");
    put("pods", "shop", "other", "{'spec':{'nodeName':'n2','containers':[]}}");
    put("pods", "shop", "unbound", "{'spec':{'containers':[]}}");
    Replica replica = new Replica();
    session("n1", "i1", "172.30.0.11", replica);

    await().until(() -> replica.names().equals(Set.of("n1", "shop/mine")));
    put("pods", "shop", "late", "{'spec':{'nodeName':'n1','containers':[]}}");
    put("pods", "shop", "late2", "{'spec':{'nodeName':'n2','containers':[]}}");
    put("namespaces", "", "end", "{}");

    await().until(() -> replica.names().contains("end"));
    assertThat(replica.names()).containsExactlyInAnyOrder("n1", "shop/mine", "shop/late", "end");
  }

  @Test
  void shouldWriteTheNodeOfAnAgentDown() {
    put(
        "nodes",
        "",
        "n1",
        "{'metadata':{'labels':{'kept':'yes'}},'spec':{'podCIDR':'10.244.3.0/24'}}");
    session("n1", "i1", "172.30.0.11", new Replica());

    await().until(() -> node("n1").map(Node::ready).orElse(false));
    Node node = node("n1").orElseThrow();
    assertThat(node.address()).isEqualTo(IpAddress.parse("172.30.0.11"));
    assertThat(node.vxlanPort()).isEqualTo(8472);
    assertThat(node.agentPort()).isEqualTo(10250);
    assertThat(node.podCidrs()).hasSize(1);
    assertThat(node.labels()).containsEntry("kept", "yes").containsEntry("disk", "ssd");
    assertThat(names.held).containsKey("n1");
  }

  @Test
  void shouldPlaceThePodThatAnAgentHasAttached() throws Exception {
    Replica replica = new Replica();
    session("n1", "i1", "172.30.0.11", replica);
    await().until(() -> replica.names().contains("n1"));
    ManagedChannel channel = NettyChannelBuilder.forTarget(address).usePlaintext().build();
    open.push(channel::shutdownNow);
    ClusterSyncGrpc.ClusterSyncBlockingStub stub = ClusterSyncGrpc.newBlockingStub(channel);
    Pod pod =
        new PodDescription(
                new ObjectName("shop", "db"),
                Map.of("app", "db"),
                List.of(new Container.ContainerPort("pg", 5432, Protocol.TCP)),
                new Probe(new Probe.TcpSocket("", new PortRef.Named("pg")), 0, 2, 1, 1, 3),
                null)
            .on("n1");
    PodPlacement placement =
        PodPlacement.newBuilder().setNodeName("n1").setPod(ProtoTranslator.toMessage(pod)).build();

    assertThat(stub.placePod(placement).getUid()).isEqualTo("uid-db");
    ObjectNode manifest = Objects.requireNonNull(placements.created.get("db"));
    assertThat(manifest)
        .isEqualTo(
            ManifestJson.mapper()
                .readTree(
                    """
                    {"apiVersion":"v1","kind":"Pod",
                     "metadata":{"name":"db","namespace":"shop","labels":{"app":"db"}},
                     "spec":{"nodeName":"n1","terminationGracePeriodSeconds":1,"containers":[
                       {"name":"attached","image":"podwire/attached",
                        "ports":[{"name":"pg","containerPort":5432,"protocol":"TCP"}],
                        "readinessProbe":{"tcpSocket":{"port":"pg"},"initialDelaySeconds":0,
                          "periodSeconds":2,"timeoutSeconds":1,"successThreshold":1,
                          "failureThreshold":3}}]}}
                    """));
    assertThatThrownBy(() -> stub.placePod(placement))
        .hasMessageContaining("ALREADY_EXISTS")
        .hasMessageContaining("already exists");
    assertThatThrownBy(() -> stub.placePod(placement.toBuilder().setNodeName("n2").build()))
        .hasMessageContaining("node n2 has no session here");

    assertThat(
            stub.removePod(
                PodRemoval.newBuilder().setNodeName("n1").setName("db").setUid("uid-db").build()))
        .isNotNull();
    assertThat(placements.created).isEmpty();
  }

  @Test
  void shouldRefuseANameThatAnotherAgentHas() {
    names.held.put("n1", "i0 172.30.0.10:8472");
    Replica replica = new Replica();
    session("n1", "i1", "172.30.0.11", replica);

    await().until(() -> !replica.refusals.isEmpty());
    assertThat(replica.refusals.get(0))
        .contains("node name n1 is taken by the agent at 172.30.0.10:8472");
    assertThat(node("n1")).isEmpty();
  }

  @Test
  void shouldGiveTheNameBackWhenTheAgentGoes() {
    StateFollower agent = session("n1", "i1", "172.30.0.11", new Replica());
    await().until(() -> node("n1").isPresent());

    agent.close();

    await().until(() -> names.held.isEmpty());
  }

  @Test
  void shouldKeepTheNameWhenAnAgentsEarlierStreamEndsLate() {
    StateFollower earlier = session("n1", "i1", "172.30.0.11", new Replica());
    await().until(() -> names.held.containsKey("n1"));
    String before = Objects.requireNonNull(names.held.get("n1"));
    Replica replica = new Replica();
    session("n1", "i1", "172.30.0.11", replica);
    await().until(() -> replica.snapshots > 0);

    earlier.close();
    await().until(() -> names.released.get() > 0);

    await().until(() -> names.held.containsKey("n1") && !before.equals(names.held.get("n1")));
  }

  @Test
  void shouldWriteReportsOfItsOwnPodsOnly() {
    put(
        "pods",
        "shop",
        "mine",
        "{'metadata':{'uid':'u1'},"
            + "'spec':{'nodeName':'n1','containers':[{'name':'c','image':'web'}]}}");
    put(
        "pods",
        "shop",
        "other",
        "{'metadata':{'uid':'u2'},'spec':{'nodeName':'n2','containers':[]}}");
    StateFollower agent = session("n1", "i1", "172.30.0.11", new Replica());
    agent.send(report("other", "u2", false));
    agent.send(report("mine", "stale", false));
    agent.send(report("mine", "u1", false));

    await().until(() -> pod("mine").map(Pod::ready).orElse(false));
    assertThat(pod("mine").orElseThrow().podIps()).containsExactly(IpAddress.parse("10.244.1.9"));
    assertThat(pod("mine").orElseThrow().phase()).isEqualTo(PodPhase.RUNNING);
    assertThat(pod("other").orElseThrow().podIps()).isEmpty();
    var status = ManifestJson.read(store.get(podKey("mine")).orElseThrow()).path("status");
    assertThat(status.path("hostIP").asText()).isEqualTo("172.30.0.11");
    var container = status.path("containerStatuses").path(0);
    assertThat(container.path("image").asText()).isEqualTo("web");
    assertThat(container.path("state").has("running")).isTrue();
  }

  @Test
  void shouldRemoveATerminatingPodThatIsGone() {
    put(
        "pods",
        "shop",
        "mine",
        "{'metadata':{'uid':'u1','deletionTimestamp':'2026-01-01T00:00:00Z'},"
            + "'spec':{'nodeName':'n1','containers':[]}}");
    put(
        "pods",
        "shop",
        "kept",
        "{'metadata':{'uid':'u2'},'spec':{'nodeName':'n1','containers':[]}}");
    StateFollower agent = session("n1", "i1", "172.30.0.11", new Replica());
    agent.send(report("kept", "u2", true));
    agent.send(report("mine", "u1", true));

    await().until(() -> pod("mine").isEmpty());
    assertThat(pod("kept")).isPresent();
  }

  @Test
  void shouldMakeAnAgentRegisterItsDeletedNodeAgain() {
    session("n1", "i1", "172.30.0.11", new Replica());
    await().until(() -> node("n1").isPresent());
    String uid = uid("n1");

    store.delete(new ResourceKey("nodes", "", "n1"), Store.ANY_REVISION);

    await().until(() -> node("n1").isPresent() && !uid("n1").equals(uid));
  }

  private Replica watch() {
    Replica replica = new Replica();
    StateFollower follower =
        StateFollower.watch(
            List.of(address),
            target -> NettyChannelBuilder.forTarget(target).usePlaintext().build(),
            "test",
            replica);
    open.push(follower);
    follower.start();
    return replica;
  }

  private StateFollower session(String node, String instance, String ip, Replica replica) {
    Hello hello =
        Hello.newBuilder()
            .setNodeName(node)
            .setInstance(instance)
            .setAddress(ip)
            .setVxlanPort(8472)
            .setAgentPort(10250)
            .setVtepMac("0a:58:0a:f4:00:01")
            .putLabels("disk", "ssd")
            .build();
    StateFollower follower =
        StateFollower.session(
            List.of(address),
            target -> NettyChannelBuilder.forTarget(target).usePlaintext().build(),
            hello,
            replica);
    open.push(follower);
    follower.start();
    return follower;
  }

  private static PodStatus report(String name, String uid, boolean gone) {
    return new PodStatus(
        new ObjectName("shop", name),
        uid,
        PodPhase.RUNNING,
        List.of(IpAddress.parse("10.244.1.9")),
        true,
        "",
        "",
        List.of(new PodStatus.ContainerStatus("c", true, true, 0, -1, "")),
        gone);
  }

  private void put(String resource, String namespace, String name, String json) {
    ObjectNode manifest = parse(json.replace('\'', '"'));
    var metadata = manifest.withObject("/metadata").put("name", name);
    if (!namespace.isEmpty()) {
      metadata.put("namespace", namespace);
    }
    store.create(
        new ResourceKey(resource, namespace, name), manifest.toString().getBytes(UTF_8), Set.of());
  }

  private static ObjectNode parse(String json) {
    try {
      return (ObjectNode) ManifestJson.mapper().readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private Optional<Node> node(String name) {
    return store.get(new ResourceKey("nodes", "", name)).map(ModelReader::node);
  }

  private String uid(String node) {
    return store
        .get(new ResourceKey("nodes", "", node))
        .map(stored -> ManifestJson.read(stored).path("metadata").path("uid").asText())
        .orElse("");
  }

  private Optional<Pod> pod(String name) {
    return store.get(podKey(name)).map(ModelReader::pod);
  }

  private static ResourceKey podKey(String name) {
    return new ResourceKey("pods", "shop", name);
  }

  private static final class Names implements NodeNames {
    final Map<String, String> held = new ConcurrentHashMap<>();
    final AtomicInteger released = new AtomicInteger();

    @Override
    public Optional<String> take(String node, String instance, String vtep) {
      String mine = instance + " " + vtep;
      String holder =
          held.merge(node, mine, (before, after) -> before.endsWith(" " + vtep) ? after : before);
      return holder.equals(mine)
          ? Optional.empty()
          : Optional.of(holder.substring(holder.indexOf(' ') + 1));
    }

    @Override
    public void release(String node, String instance, String vtep) {
      held.remove(node, instance + " " + vtep);
      released.incrementAndGet();
    }
  }

  /** What a follower has been told. */
  private static final class Replica implements StateFollower.Listener {
    private final Map<String, ModelObject> objects = new ConcurrentHashMap<>();
    final List<String> refusals = new CopyOnWriteArrayList<>();
    volatile int snapshots;

    @Override
    public void updated(ClusterUpdate update) {
      if (update instanceof ClusterUpdate.Snapshot snapshot) {
        snapshots++;
        objects.clear();
        snapshot.objects().forEach(object -> objects.put(object.key().toString(), object));
      } else if (update instanceof ClusterUpdate.Delta delta) {
        for (ClusterUpdate.Change change : delta.changes()) {
          if (change instanceof ClusterUpdate.Upsert upsert) {
            objects.put(upsert.object().key().toString(), upsert.object());
          } else if (change instanceof ClusterUpdate.Removal removal) {
            objects.remove(removal.key().toString());
          }
        }
      }
    }

    @Override
    public void refused(String reason) {
      refusals.add(reason);
    }

    Set<String> names() {
      return Set.copyOf(objects.keySet());
    }
  }

  /** An API that takes one Pod of a name. */
  private static final class Placements implements PodPlacements {
    private final Map<String, ObjectNode> created = new ConcurrentHashMap<>();

    @Override
    public String create(ObjectNode manifest) {
      String name = manifest.at("/metadata/name").asText();
      if (created.putIfAbsent(name, manifest) != null) {
        throw new Refused("pods \"" + name + "\" already exists", true);
      }
      return "uid-" + name;
    }

    @Override
    public void remove(String namespace, String name, String uid) {
      created.remove(name);
    }
  }
}
