package io.podwire.agent.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.podwire.cluster.model.Container;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Pod;
import io.podwire.cluster.model.PodPhase;
import io.podwire.cluster.model.PodSpec;
import io.podwire.cluster.model.PodSpec.RestartPolicy;
import io.podwire.cluster.model.PodStatus;
import io.podwire.linux.Fifo;
import io.podwire.linux.ProcessNamespaces;
import io.podwire.linux.ProcessNamespaces.Kind;
import io.podwire.linux.ProcessTable;
import io.podwire.linux.RequiresRoot;
import io.podwire.linux.Signal;
import io.podwire.packet.addr.IpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@RequiresRoot
class PodFleetIT {

  private static final ObjectName WEB = new ObjectName("shop", "web");
  private static final IpAddress FIRST = IpAddress.parse("10.244.1.2");
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String FOREVER =
      "trap 'exit 0' TERM; while :; do sleep 1000 & wait $!; done";

  @TempDir Path state;

  private final RecordingNetwork network = new RecordingNetwork();
  private final Map<String, PodStatus> statuses = new ConcurrentHashMap<>();
  private PodFleet fleet;

  @BeforeEach
  void start() {
    fleet = newFleet();
  }

  private PodFleet newFleet() {
    return new PodFleet(
        state,
        network,
        BuiltInImages.onClasspath("/none"),
        new RecordingRegistry(),
        status -> statuses.put(status.uid(), status));
  }

  @AfterEach
  void endWithNothingLeft() {
    fleet.close();
    PodLeftovers.removeAll(state);
    assertThat(
            ProcessTable.pids()
                .filter(pid ->
                    ProcessTable.arguments(pid).stream()
                        .anyMatch(argument -> argument.startsWith(state.toString()))))
        .isEmpty();
  }

  private PodStatus awaitStatus(Pod pod, Predicate<PodStatus> condition) {
    await()
        .atMost(PATIENCE)
        .until(() -> Optional.ofNullable(statuses.get(pod.uid())).filter(condition).isPresent());
    return status(pod.uid());
  }

  private PodStatus status(String uid) {
    return Objects.requireNonNull(statuses.get(uid), "no status of " + uid);
  }

  private String log(Pod pod, int run) throws IOException {
    return Files.readString(
        PodFolder.of(state.resolve("pods"), pod.key(), pod.uid()).log("main", run));
  }

  @Test
  void shouldGiveAPodItsOwnNetworkAndFiles() throws IOException {
    Pod pod =
        PodBuilder.running(
                "web",
                "echo $GREETING; hostname; cat /etc/resolv.conf /etc/hosts /etc/hostname"
                    + " /proc/net/route /proc/net/fib_trie /proc/net/dev"
                    + " /proc/sys/net/ipv4/ip_unprivileged_port_start; echo done; "
                    + FOREVER)
            .build();
    fleet.reconcile(List.of(pod));
    PodStatus status = awaitStatus(pod, PodStatus::ready);

    assertThat(status.phase()).isEqualTo(PodPhase.RUNNING);
    assertThat(status.podIps()).containsExactly(FIRST);
    assertThat(status.reason()).isEmpty();
    assertThat(network.attached()).containsEntry(WEB, FIRST);
    await().atMost(PATIENCE).until(() -> log(pod, 0).contains("done"));
    assertThat(log(pod, 0))
        .startsWith(
            "hello world\nweb\nsearch shop.svc.cluster.local svc.cluster.local cluster.local\n")
        .contains("nameserver 10.96.0.10\noptions ndots:5\n")
        .contains("10.244.1.2\tweb\nweb\n")
        .containsPattern("eth0\\s+00000000\\s+0101F40A")
        .contains("|-- 10.244.1.2")
        .contains("eth0:")
        .contains("\n0\ndone");
    assertThat(Path.of("/etc/hostname"))
        .satisfiesAnyOf(
            path -> assertThat(path).doesNotExist(),
            path -> assertThat(path).content().doesNotContain("web"));
  }

  @Test
  void shouldEndAPodAndReleaseItsNetwork() {
    Pod pod = PodBuilder.running("web", FOREVER).build();
    fleet.reconcile(List.of(pod));
    awaitStatus(pod, PodStatus::ready);
    long inode = inodeOf(WEB);

    Pod ending = PodBuilder.running("web", FOREVER).terminating(20).build();
    fleet.reconcile(List.of(ending));
    awaitStatus(pod, PodStatus::gone);

    assertThat(network.attached()).isEmpty();
    assertThat(ProcessTable.inNetworkNamespace(inode)).isEmpty();
    assertThat(fleet.find(WEB)).isEmpty();
    assertThat(PodFolder.list(state.resolve("pods"))).isEmpty();
  }

  @Test
  void shouldKillAPodThatDoesNotEndInItsGracePeriod() {
    Pod pod = PodBuilder.running("web", "trap '' TERM; while :; do sleep 1000; done").build();
    fleet.reconcile(List.of(pod));
    awaitStatus(pod, PodStatus::ready);
    long begun = System.nanoTime();
    fleet.reconcile(List.of(PodBuilder.running("web", "").terminating(1).build()));
    awaitStatus(pod, PodStatus::gone);

    assertThat(Duration.ofNanos(System.nanoTime() - begun))
        .isBetween(Duration.ofMillis(900), Duration.ofSeconds(15));
  }

  private long inodeOf(ObjectName key) {
    return ProcessNamespaces.inode(
        Kind.NETWORK, fleet.find(key).orElseThrow().sandbox().orElseThrow().holder().pid());
  }

  @Test
  void shouldReportHowAPodEnded() throws IOException {
    Pod good = PodBuilder.running("good", "echo ok").policy(RestartPolicy.NEVER).build();
    Pod bad = PodBuilder.running("bad", "exit 3").policy(RestartPolicy.NEVER).build();
    fleet.reconcile(List.of(good, bad));

    assertThat(awaitStatus(good, status -> status.phase().isFinal()).phase())
        .isEqualTo(PodPhase.SUCCEEDED);
    PodStatus failed = awaitStatus(bad, status -> status.phase().isFinal());
    assertThat(failed.phase()).isEqualTo(PodPhase.FAILED);
    assertThat(failed.containers())
        .singleElement()
        .satisfies(container -> {
          assertThat(container.exitCode()).isEqualTo(3);
          assertThat(container.reason()).isEqualTo("Error");
        });
    await().atMost(PATIENCE).until(() -> network.attached().isEmpty());
    assertThat(log(good, 0)).isEqualTo("ok\n");

    // A later agent does not run them again.
    fleet.close();
    statuses.clear();
    fleet = newFleet();
    fleet.reconcile(List.of(good, bad));
    assertThat(awaitStatus(bad, status -> status.phase().isFinal()).containers())
        .isEqualTo(failed.containers());
    fleet.reconcile(List.of());
    await().atMost(PATIENCE).until(() -> PodFolder.list(state.resolve("pods")).isEmpty());
  }

  @Test
  void shouldRestartAContainerAtOnceAndThenBackOff() throws IOException {
    Pod pod = PodBuilder.running("web", "echo run; exit 1").build();
    fleet.reconcile(List.of(pod));
    PodStatus status = awaitStatus(pod, waiting -> waiting.reason().equals("CrashLoopBackOff"));

    assertThat(status.phase()).isEqualTo(PodPhase.RUNNING);
    assertThat(status.ready()).isFalse();
    assertThat(status.message())
        .isEqualTo("container main ended with exit code 1; next start in 10 s");
    assertThat(status.containers().getFirst().restartCount()).isEqualTo(2);
    assertThat(log(pod, 0)).isEqualTo("run\n");
    assertThat(log(pod, 1)).isEqualTo("run\n");
  }

  @Test
  void shouldBeReadyWhenItsProbeSucceeds() throws IOException {
    Path flag = state.resolve("flag");
    Pod pod = PodBuilder.running("web", FOREVER).readyWhen("test -e " + flag).build();
    fleet.reconcile(List.of(pod));
    awaitStatus(pod, status -> status.containers().getFirst().running());
    assertThat(status(pod.uid()).ready()).isFalse();

    Files.createFile(flag);
    awaitStatus(pod, PodStatus::ready);
    Files.delete(flag);
    awaitStatus(pod, status -> !status.ready());
  }

  @Test
  void shouldSayThatAProgramIsMissing() {
    Pod pod =
        new Pod(
            WEB,
            "uid-web",
            Map.of(),
            "node-1",
            new PodSpec(
                List.of(
                    new Container(
                        "main",
                        "nginx",
                        List.of("no-such-program"),
                        List.of(),
                        Map.of("PATH", "/usr/bin"),
                        "",
                        List.of(),
                        null)),
                RestartPolicy.NEVER,
                Map.of(),
                null,
                null,
                false),
            PodPhase.PENDING,
            List.of(),
            false,
            false,
            30);
    fleet.reconcile(List.of(pod));
    PodStatus status = awaitStatus(pod, failed -> failed.phase() == PodPhase.FAILED);

    assertThat(status.reason()).isEqualTo("StartError");
    assertThat(status.message())
        .isEqualTo(
            "start program 'no-such-program': no such file or directory; not found in PATH"
                + " /usr/bin; install it or give its full path");
  }

  @Test
  void shouldTakeOverRunningPodsWithAddressAndProcesses() throws IOException {
    Pod kept = PodBuilder.running("web", "echo begun; " + FOREVER).build();
    Pod deleted = PodBuilder.running("old", FOREVER).build();
    Pod ended =
        PodBuilder.running("task", "read line <" + fifo() + "; exit 5")
            .policy(RestartPolicy.NEVER)
            .build();
    fleet.reconcile(List.of(kept, deleted, ended));
    awaitStatus(kept, PodStatus::ready);
    awaitStatus(deleted, PodStatus::ready);
    awaitStatus(ended, PodStatus::ready);
    long inode = inodeOf(WEB);
    IpAddress address = status(kept.uid()).podIps().getFirst();
    List<Long> processes = ProcessTable.inNetworkNamespace(inode);

    fleet.close();
    assertThat(network.attached()).isEmpty();
    statuses.clear();
    // It ends while no agent is there.
    Files.writeString(state.resolve("go"), "\n");
    await()
        .atMost(PATIENCE)
        .until(() ->
            Files.exists(
                PodFolder.of(state.resolve("pods"), ended.key(), ended.uid()).exitCode("main", 0)));
    fleet = newFleet();
    assertThat(network.attached()).containsEntry(WEB, address).hasSize(3);
    fleet.reconcile(List.of(kept, ended));

    PodStatus status = awaitStatus(kept, PodStatus::ready);
    assertThat(status.podIps()).containsExactly(address);
    assertThat(status.containers().getFirst().restartCount()).isZero();
    assertThat(inodeOf(WEB)).isEqualTo(inode);
    assertThat(ProcessTable.inNetworkNamespace(inode))
        .containsExactlyInAnyOrderElementsOf(processes);
    assertThat(log(kept, 0)).isEqualTo("begun\n");
    assertThat(
            awaitStatus(ended, done -> done.phase().isFinal()).containers().getFirst().exitCode())
        .isEqualTo(5);
    awaitStatus(deleted, PodStatus::gone);
  }

  private Path fifo() {
    Path fifo = state.resolve("go");
    Fifo.create(fifo);
    return fifo;
  }

  @Test
  void shouldMakeASandboxAnewThatWasKilled() {
    Pod pod = PodBuilder.running("web", FOREVER).build();
    fleet.reconcile(List.of(pod));
    awaitStatus(pod, PodStatus::ready);
    long inode = inodeOf(WEB);
    fleet.find(WEB).orElseThrow().sandbox().orElseThrow().holder().signal(Signal.KILL);
    PodStatus status =
        awaitStatus(
            pod, again -> again.ready() && again.containers().getFirst().restartCount() == 1);

    assertThat(status.podIps()).containsExactly(FIRST);
    assertThat(ProcessTable.inNetworkNamespace(inode)).isEmpty();
    assertThat(inodeOf(WEB)).isNotEqualTo(inode);
  }

  @Test
  void shouldLetARecreatedPodWaitForItsPredecessor() {
    Pod first = PodBuilder.running("web", FOREVER).build();
    fleet.reconcile(List.of(first));
    awaitStatus(first, PodStatus::ready);
    Pod second = PodBuilder.running("web", FOREVER).uid("uid-2").build();
    fleet.reconcile(List.of(second));

    awaitStatus(second, PodStatus::ready);
    assertThat(status(first.uid()).gone()).isTrue();
    // The address of the first rests.
    assertThat(status("uid-2").podIps()).containsExactly(IpAddress.parse("10.244.1.3"));
  }

  @Test
  void shouldRunAHostNetworkPodInTheNodesNamespace() throws IOException {
    Pod pod =
        PodBuilder.running("web", "readlink /proc/self/ns/net; " + FOREVER).hostNetwork().build();
    fleet.reconcile(List.of(pod));
    PodStatus status = awaitStatus(pod, PodStatus::ready);

    assertThat(status.podIps()).containsExactly(IpAddress.parse("127.0.0.1"));
    assertThat(network.attached()).isEmpty();
    await().atMost(PATIENCE).until(() -> log(pod, 0).contains("net:"));
    assertThat(log(pod, 0).strip())
        .isEqualTo(Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString());
    fleet.reconcile(List.of(PodBuilder.running("web", "").hostNetwork().terminating(5).build()));
    awaitStatus(pod, PodStatus::gone);
  }
}
