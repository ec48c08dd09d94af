package io.podwire.testkit.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import io.podwire.client.api.Resource;
import io.podwire.testkit.cluster.Cluster;
import io.podwire.testkit.cluster.ClusterFailure;
import io.podwire.testkit.cluster.FakeControlPlane;
import io.podwire.testkit.cluster.FaultSpec;
import io.podwire.testkit.cluster.Pod;
import io.podwire.testkit.topology.PodSpec;
import io.podwire.testkit.topology.Topology;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.assertj.core.api.Condition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.discovery.ClassSelector;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** Lifecycles, injection, leaks and evidence: sample classes run by JUnit's own engine. */
class ExtensionTest {
  private static Optional<FakeControlPlane> serving = Optional.empty();
  private static final CountDownLatch RELEASE = new CountDownLatch(1);

  @TempDir Path folder;

  @BeforeEach
  void serve() throws IOException {
    serving = Optional.of(new FakeControlPlane(folder));
    System.setProperty(FailureBundle.PROPERTY, folder.resolve("evidence").toString());
  }

  @AfterEach
  void stop() {
    control().close();
    System.clearProperty(FailureBundle.PROPERTY);
  }

  private static FakeControlPlane control() {
    return serving.orElseThrow();
  }

  private static PodwireExtension extension(Lifecycle lifecycle, Topology topology) {
    return PodwireExtension.builder()
        .lifecycle(lifecycle)
        .topology(topology)
        .source(wanted -> control().start(wanted))
        .build();
  }

  private static EngineExecutionResults run(Class<?>... samples) {
    return EngineTestKit.engine("junit-jupiter")
        // As most users run: side by side, threads cannot be told to be a test's own.
        .configurationParameter("junit.jupiter.execution.parallel.enabled", "false")
        .selectors(
            Stream.of(samples).map(DiscoverySelectors::selectClass).toArray(ClassSelector[]::new))
        .execute();
  }

  private static void assertFails(Class<?> sample, String... parts) {
    assertThat(run(sample).allEvents().failed().list())
        .as("failures of %s", sample)
        .areAtLeastOne(
            event(finishedWithFailure(message(text -> Stream.of(parts).allMatch(text::contains)))));
  }

  // --- lifecycles

  static class OfClass {
    @RegisterExtension
    static final PodwireExtension PODWIRE = extension(Lifecycle.CLASS, Topology.nodes(1));

    static Cluster seen;

    @BeforeAll
    static void begin(Cluster cluster) {
      seen = cluster;
    }

    @Test
    void one(Cluster cluster) {
      assertThat(cluster).isSameAs(seen);
    }

    @Test
    void two(Cluster cluster) {
      assertThat(cluster).isSameAs(seen);
    }

    @Nested
    class Inside {
      @Test
      void three(Cluster cluster) {
        assertThat(cluster).isSameAs(seen);
      }
    }
  }

  @Test
  void shouldKeepAClusterForTheClassAndThoseInside() {
    run(OfClass.class).testEvents().assertStatistics(all -> all.succeeded(3).failed(0));

    assertThat(control().started()).isEqualTo(1);
    assertThat(control().running()).isZero();
  }

  static class OfMethod {
    @RegisterExtension
    final PodwireExtension podwire = extension(Lifecycle.METHOD, Topology.nodes(1));

    @Test
    void one(Cluster cluster) {
      assertThat(control().running()).isEqualTo(1);
    }

    @Test
    void two(Cluster cluster) {
      assertThat(control().running()).isEqualTo(1);
    }
  }

  @Test
  void shouldMakeAClusterForEachMethod() {
    run(OfMethod.class).testEvents().assertStatistics(all -> all.succeeded(2).failed(0));

    assertThat(control().started()).isEqualTo(2);
    assertThat(control().running()).isZero();
  }

  static class SharedFirst {
    @RegisterExtension
    static final PodwireExtension PODWIRE =
        extension(Lifecycle.SHARED, Topology.nodes(1).pods(PodSpec.idle("client")));

    @BeforeAll
    static void more(Cluster cluster) {
      cluster.apply("{apiVersion: v1, kind: Pod, metadata: {name: more}, spec: {}}");
      cluster.pod("client").delete();
    }

    @Test
    void shouldHaveWhatItMade(@Named("more") Pod more) {
      assertThat(more.isReady()).isTrue();
    }
  }

  static class SharedSecond {
    @RegisterExtension
    static final PodwireExtension PODWIRE =
        extension(Lifecycle.SHARED, Topology.nodes(1).pods(PodSpec.idle("client")));

    @Test
    void shouldHaveWhatTheTopologyHas(Cluster cluster, Pod client) {
      assertThat(cluster.pods()).hasSize(1);
      assertThat(client.name()).isEqualTo("client");
    }
  }

  static class SharedOther {
    @RegisterExtension
    static final PodwireExtension PODWIRE = extension(Lifecycle.SHARED, Topology.nodes(2));

    @Test
    void shouldHaveAnother(Cluster cluster) {
      assertThat(cluster.topology().nodes()).isEqualTo(2);
    }
  }

  @Test
  void shouldReuseAClusterForEqualTopologies() {
    run(SharedFirst.class, SharedSecond.class)
        .testEvents()
        .assertStatistics(all -> all.succeeded(2).failed(0));

    assertThat(control().started()).isEqualTo(1);
    assertThat(control().running()).isZero();
  }

  @Test
  void shouldMakeAnotherForAnotherTopology() {
    run(SharedSecond.class, SharedOther.class)
        .testEvents()
        .assertStatistics(all -> all.succeeded(2).failed(0));

    assertThat(control().started()).isEqualTo(2);
    assertThat(control().running()).isZero();
  }

  // --- what is wrong with a test class

  static class Ambiguous {
    @RegisterExtension
    static final PodwireExtension PODWIRE =
        extension(Lifecycle.CLASS, Topology.nodes(1).pods(PodSpec.idle("a"), PodSpec.idle("b")));

    @Test
    void which(Pod pod) {}
  }

  @Test
  void shouldAskWhichPodIsMeant() {
    assertFails(Ambiguous.class, "say which by @Named: there are [Pod a, Pod b]");
  }

  static class Unknown {
    @RegisterExtension
    static final PodwireExtension PODWIRE =
        extension(Lifecycle.CLASS, Topology.nodes(1).pods(PodSpec.idle("a")));

    @Test
    void nobody(@Named("nobody") Pod pod) {}
  }

  @Test
  void shouldNameThePodsThatThereAre() {
    assertFails(Unknown.class, "no Pod nobody: there are [a]");
  }

  static class TooEarly {
    @RegisterExtension
    static final PodwireExtension PODWIRE = extension(Lifecycle.METHOD, Topology.nodes(1));

    @BeforeAll
    static void begin(Cluster cluster) {}

    @Test
    void nothing() {}
  }

  @Test
  void shouldSayWhenThereIsNoClusterYet() {
    assertFails(TooEarly.class, "with lifecycle METHOD a cluster is there for test methods");
  }

  static class NotStatic {
    @RegisterExtension
    final PodwireExtension podwire = extension(Lifecycle.CLASS, Topology.nodes(1));

    @Test
    void nothing() {}
  }

  @Test
  void shouldSayThatTheFieldHasToBeStatic() {
    assertFails(NotStatic.class, "has to be static for lifecycle CLASS");
    assertThat(control().running()).isZero();
  }

  @PodwireTest(manifests = "nowhere.yaml")
  static class NoManifest {
    @Test
    void nothing() {}
  }

  @Test
  void shouldSayWhereAManifestWasLookedFor() {
    assertFails(NoManifest.class, "\"nowhere.yaml\"", "neither a file", "nor a resource");
  }

  static class NoStart {
    @RegisterExtension
    static final PodwireExtension PODWIRE =
        PodwireExtension.builder()
            .source(topology -> {
              throw new ClusterFailure("the cluster did not start: no rights");
            })
            .build();

    @Test
    void nothing() {}
  }

  @Test
  void shouldFailWhereNoClusterStarts() {
    assertFails(NoStart.class, "the cluster did not start: no rights");
  }

  // --- what a test leaves behind

  static class Leaks {
    @RegisterExtension
    static final PodwireExtension PODWIRE = extension(Lifecycle.CLASS, Topology.nodes(1));

    @Test
    void fault(Cluster cluster) {
      cluster.fault(FaultSpec.partition().from("app", "client"));
    }

    @Test
    void pod(Cluster cluster) {
      cluster.apply("{apiVersion: v1, kind: Pod, metadata: {name: left}, spec: {}}");
    }

    @Test
    void thread() {
      Thread thread = new Thread(Leaks::waitForRelease, "left-thread");
      // The threads that JUnit runs tests on side by side are daemons, and so would be theirs.
      thread.setDaemon(false);
      thread.start();
    }

    private static void waitForRelease() {
      try {
        RELEASE.await();
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Test
  void shouldFailTestsThatLeaveSomethingBehind() {
    List<Event> failures;
    try {
      failures = run(Leaks.class).testEvents().failed().list();
    } finally {
      RELEASE.countDown();
    }

    assertThat(failures)
        .hasSize(3)
        .areExactly(1, failing("NetworkFault fault-1: close it, best by try-with-resources"))
        .areExactly(1, failing("Pod left: delete it, or make it in @BeforeAll"))
        .areExactly(1, failing("thread left-thread: end it"));
    assertThat(control().names(Resource.POD)).isEmpty();
    assertThat(control().names(Resource.NETWORK_FAULT)).isEmpty();
  }

  private static Condition<Event> failing(String part) {
    return event(finishedWithFailure(message(text -> text.contains(part))));
  }

  // --- evidence

  static class Fails {
    @RegisterExtension
    static final PodwireExtension PODWIRE =
        extension(Lifecycle.CLASS, Topology.nodes(1).pods(PodSpec.idle("client")));

    @Test
    void wrong() {
      throw new AssertionError("as expected");
    }
  }

  @Test
  void shouldWriteDownWhatMayExplainAFailure() {
    EngineExecutionResults results = run(Fails.class);

    Path bundle = folder.resolve("evidence").resolve(Fails.class.getName()).resolve("wrong");
    assertThat(bundle.resolve("exception.txt")).content().contains("as expected");
    assertThat(bundle.resolve("state/pods.yaml")).content().contains("client");
    assertThat(bundle.resolve("seeds.txt")).hasContent("no faults\n");
    assertThat(results.allEvents().reportingEntryPublished().list())
        .anySatisfy(entry -> assertThat(entry.toString()).contains(bundle.toString()));
  }
}
