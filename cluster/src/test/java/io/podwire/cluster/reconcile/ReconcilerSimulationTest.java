package io.podwire.cluster.reconcile;

import static io.podwire.cluster.reconcile.Cluster.node;
import static io.podwire.cluster.reconcile.Cluster.pod;
import static io.podwire.cluster.reconcile.Cluster.port;
import static io.podwire.cluster.reconcile.Cluster.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.longs;

import io.podwire.cluster.ipam.PodCidrAllocator;
import io.podwire.cluster.model.EndpointSlice;
import io.podwire.cluster.model.Node;
import io.podwire.cluster.model.Pod;
import io.podwire.cluster.model.PortRef;
import io.podwire.cluster.model.Service;
import io.podwire.packet.addr.Cidr;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Random histories: whatever happened, the reconcilers end in the same sound state. */
class ReconcilerSimulationTest {

  private static final Service WEB = service("web", port("", 80, new PortRef.Named("http")));

  @Test
  void shouldKeepTheInvariantsThroughAnyHistory() {
    qt().withExamples(200)
        .forAll(longs().all())
        .checkAssert(seed -> {
          World world = new World(seed);
          for (int step = 0; step < 120; step++) {
            world.step();
            world.checkInvariants();
          }
          world.settle();
          world.checkSettled();
        });
  }

  /** Nodes, Pods and the slices of one Service, with a store that claims as the real one does. */
  private static final class World {
    private final SplittableRandom random;
    private final Map<String, Node> nodes = new TreeMap<>();
    private final Map<String, Pod> pods = new TreeMap<>();
    private final Map<Cidr, String> claims = new TreeMap<>();
    private List<EndpointSlice> slices = List.of();
    private PodCidrReconciler podCidrs = newLeader();
    private int created;

    World(long seed) {
      this.random = new SplittableRandom(seed);
    }

    private static PodCidrReconciler newLeader() {
      return new PodCidrReconciler(List.of(new PodCidrAllocator(Cidr.parse("10.244.0.0/21"), 24)));
    }

    void step() {
      switch (random.nextInt(11)) {
        case 0 -> nodes.putIfAbsent(name("n", 6), Cluster.withPodCidrs(node("x")));
        case 1 -> removeNode(name("n", 6));
        case 2 ->
            nodes.computeIfPresent(
                name("n", 6), (name, node) -> Cluster.ready(node, random.nextBoolean()));
        case 3, 4 -> pods.putIfAbsent("p" + created, pod("p" + created++).on(null).build());
        case 5 ->
            pods.computeIfPresent(
                name("p", Math.max(created, 1)), (name, pod) -> attached(pod, random.nextInt(3)));
        case 6 -> pods.remove(name("p", Math.max(created, 1)));
        case 7 -> assignPodCidrs();
        case 8 -> schedule();
        case 9 -> reconcileSlices();
        default -> podCidrs = newLeader();
      }
      nodes.replaceAll((name, node) -> renamed(node, name));
    }

    private void removeNode(String name) {
      nodes.remove(name);
      claims.values().removeIf(name::equals);
    }

    private void assignPodCidrs() {
      podCidrs
          .assignments(nodes.values(), claims.keySet())
          .forEach((name, cidrs) -> {
            assertThat(claims.putIfAbsent(cidrs.get(0), name)).isNull();
            nodes.computeIfPresent(
                name, (key, node) -> Cluster.withPodCidrs(node, cidrs.get(0).toString()));
          });
    }

    private void schedule() {
      for (Scheduler.Placement placement : Scheduler.place(pods.values(), nodes.values())) {
        placement
            .node()
            .ifPresent(node -> {
              assertThat(nodes.get(node)).extracting(Node::ready).isEqualTo(true);
              pods.computeIfPresent(
                  placement.pod().name(), (name, pod) -> pod(name).on(node).build());
            });
      }
    }

    private void reconcileSlices() {
      slices = desired();
    }

    private List<EndpointSlice> desired() {
      NodePlaces places = NodePlaces.of(nodes.values());
      return EndpointSliceReconciler.desired(WEB, pods.values(), places, slices, name -> false);
    }

    void settle() {
      for (int round = 0; round < 3; round++) {
        assignPodCidrs();
        schedule();
        reconcileSlices();
      }
    }

    void checkInvariants() {
      Set<Cidr> seen = new HashSet<>();
      for (Node node : nodes.values()) {
        assertThat(node.podCidrs()).allMatch(seen::add);
      }
      Set<String> endpoints = new HashSet<>();
      for (EndpointSlice slice : slices) {
        assertThat(slice.endpoints()).allMatch(e -> endpoints.add(e.podName() + e.addresses()));
      }
    }

    void checkSettled() {
      assertThat(nodes.values()).noneMatch(node -> node.podCidrs().isEmpty());
      boolean anyReady = nodes.values().stream().anyMatch(Node::ready);
      if (anyReady) {
        assertThat(pods.values()).noneMatch(pod -> pod.nodeName() == null);
      }
      List<String> expected = new ArrayList<>();
      pods.values().stream()
          .filter(pod -> !pod.podIps().isEmpty())
          .forEach(pod -> expected.add(pod.key().name()));
      assertThat(slices.stream().flatMap(slice -> slice.endpoints().stream()))
          .extracting(EndpointSlice.Endpoint::podName)
          .containsExactlyInAnyOrderElementsOf(expected);
      assertThat(desired()).isEqualTo(slices);
      assertThat(podCidrs.assignments(nodes.values(), claims.keySet())).isEmpty();
    }

    private Pod attached(Pod pod, int port) {
      return pod(pod.key().name())
          .on(pod.nodeName())
          .ips("10.244.0." + (1 + Math.abs(pod.key().name().hashCode()) % 250))
          .ready(random.nextBoolean())
          .port("http", 8080 + port)
          .build();
    }

    private static Node renamed(Node node, String name) {
      return new Node(
          name,
          node.address(),
          node.vtepMac(),
          node.vxlanPort(),
          node.agentPort(),
          node.podCidrs(),
          node.ready(),
          node.unschedulable(),
          node.labels());
    }

    private String name(String prefix, int bound) {
      return prefix + random.nextInt(bound);
    }
  }
}
