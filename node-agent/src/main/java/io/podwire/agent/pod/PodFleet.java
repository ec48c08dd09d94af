package io.podwire.agent.pod;

import io.podwire.agent.fault.PodFaults;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Pod;
import io.podwire.cluster.model.PodPhase;
import io.podwire.cluster.model.PodSpec;
import io.podwire.cluster.model.PodSpec.RestartPolicy;
import io.podwire.cluster.model.PodStatus;
import io.podwire.linux.LinuxException;
import io.podwire.packet.addr.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All Pods of this node: makes what runs equal to what the cluster wants, and says how it goes.
 *
 * <p>A new agent takes the Pods over that an earlier one left running. Public methods are
 * thread-safe and, but for the constructor and {@link #close}, do not block.
 */
public final class PodFleet implements PodFaults, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PodFleet.class);
  // Making namespaces takes locks of the whole kernel: more at once would only wait for each other.
  private static final int SANDBOXES_AT_ONCE = 4;

  private final FleetThread thread = new FleetThread();
  private final Path folder;
  private final PodNetwork network;
  private final BuiltInImages images;
  private final Consumer<PodStatus> reports;
  private final Semaphore making = new Semaphore(SANDBOXES_AT_ONCE);
  private final PodAddresses addresses;
  private final PodRegistry registry;
  private final Map<String, PodLife> runners = new HashMap<>();
  private final AttachedPods attached =
      new AttachedPods(
          thread,
          () ->
              runners.values().stream()
                  .filter(AttachedRunner.class::isInstance)
                  .map(AttachedRunner.class::cast));
  private final Map<ObjectName, LocalPod> views = new ConcurrentHashMap<>();
  private Map<String, Pod> desired = Map.of();
  private boolean heard;

  /**
   * Takes over what runs already, and attaches it to the network.
   *
   * @param state the agent's folder; Pods are kept in its {@code pods}
   * @param registry where Pods are ended whose holder is gone
   * @param reports called on the fleet's thread at every change of a Pod
   */
  public PodFleet(
      Path state,
      PodNetwork network,
      BuiltInImages images,
      PodRegistry registry,
      Consumer<PodStatus> reports) {
    this.folder = state.resolve("pods");
    this.network = network;
    this.images = images;
    this.registry = registry;
    this.reports = reports;
    NodeNetwork node = network.node();
    this.addresses = new PodAddresses(node.addressRange(), node.gateway(), lastAddress());
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("creating " + folder, e);
    }
    takeOver();
  }

  /**
   * The Pods that the cluster has placed on this node, all of them; those that run and are not
   * among them are ended and removed.
   */
  public void reconcile(Collection<Pod> pods) {
    Map<String, Pod> wanted = new HashMap<>();
    pods.forEach(pod -> wanted.put(pod.uid(), pod));
    thread.execute(() -> {
      desired = wanted;
      if (!heard) {
        heard = true;
        removeStaleFolders();
      }
      step();
    });
  }

  @Override
  public void kill(String pod) {
    thread.execute(() ->
        runners.values().stream()
            .filter(runner -> runner.key().toString().equals(pod))
            .forEach(PodLife::kill));
  }

  @Override
  public void fail(Set<String> pods) {
    thread.execute(() ->
        runners
            .values()
            .forEach(runner -> runner.setFailing(pods.contains(runner.key().toString()))));
  }

  /** The Pod of that name, from its first appearance here until it is being removed. */
  public Optional<LocalPod> find(ObjectName key) {
    return Optional.ofNullable(views.get(key));
  }

  /** The Pods that are other programs' network namespaces. */
  public AttachedPods attached() {
    return attached;
  }

  /** Of Pods that had ended, and were deleted while no agent was here. */
  private void removeStaleFolders() {
    Set<PodFolder> kept = new HashSet<>();
    desired.values().forEach(pod -> kept.add(PodFolder.of(folder, pod.key(), pod.uid())));
    runners.values().forEach(runner -> kept.add(runner.folder()));
    PodFolder.list(folder).stream().filter(each -> !kept.contains(each)).forEach(PodFolder::delete);
  }

  private void step() {
    if (!heard) {
      return;
    }
    List.copyOf(runners.entrySet())
        .forEach(entry -> {
          Pod pod = desired.get(entry.getKey());
          if (pod == null) {
            entry.getValue().forget();
          } else {
            entry.getValue().update(pod);
          }
        });
    Set<ObjectName> taken = new HashSet<>();
    runners.values().forEach(runner -> taken.add(runner.key()));
    for (Pod pod : desired.values()) {
      if (runners.containsKey(pod.uid())) {
        continue;
      }
      if (pod.terminating()) {
        reports.accept(gone(pod));
      } else if (taken.add(pod.key())) {
        // A recreated Pod waits until the one whose name it has is gone.
        PodLife runner =
            pod.spec().isAttached() ? new AttachedRunner(this, pod) : new PodRunner(this, pod);
        runners.put(pod.uid(), runner);
        runner.begin();
      }
    }
  }

  private static PodStatus gone(Pod pod) {
    return new PodStatus(
        pod.key(), pod.uid(), pod.phase(), List.of(), false, "", "", List.of(), true);
  }

  /** In the constructor: nothing else runs yet. */
  private void takeOver() {
    PodLeftovers.removeUnrecorded(folder);
    for (PodFolder each : PodFolder.list(folder)) {
      SandboxRecord.read(each.sandbox()).ifPresent(record -> takeOver(each, record));
      AttachedRecord.read(each.attached()).ifPresent(this::takeOver);
    }
  }

  private void takeOver(PodFolder each, SandboxRecord record) {
    boolean holdable = record.hostNetwork() || addresses.occupy(record.ip());
    Optional<PodSandbox> adopted = holdable ? adopt(record) : Optional.empty();
    if (adopted.isEmpty()) {
      if (holdable) {
        addresses.release(record.ip());
      }
      // A Pod that is still wanted gets a new sandbox; its containers go on counting.
      PodLeftovers.kill(each, record);
      return;
    }
    PodSandbox sandbox = adopted.get();
    sandbox.tap().ifPresent(tap -> network.attach(record.pod(), sandbox.ip(), sandbox.mac(), tap));
    PodRunner runner = new PodRunner(this, remembered(record));
    runners.put(record.uid(), runner);
    thread.execute(() -> runner.adopt(sandbox));
    LOG.info("took over Pod {} with {}", record.pod(), record.ip());
  }

  private void takeOver(AttachedRecord record) {
    if (!addresses.occupy(record.ip())) {
      LOG.warn("Pod {} cannot have {} again", record.pod(), record.ip());
      return;
    }
    Optional<Attachment> kept =
        Optional.ofNullable(record.kept())
            .flatMap(each ->
                KeptTap.hold(record, each)
                    .map(tap -> new Attachment(tap, record.description(), each, why -> {})));
    AttachedRunner runner = new AttachedRunner(this, remembered(record));
    runners.put(record.uid(), runner);
    thread.execute(() -> runner.adopt(record, kept));
  }

  private Optional<PodSandbox> adopt(SandboxRecord record) {
    try {
      return PodSandbox.adopt(record);
    } catch (LinuxException e) {
      // Not ours to end: most likely another agent has it.
      throw new IllegalStateException(
          "Pod "
              + record.pod()
              + " of "
              + folder
              + " cannot be taken over ("
              + e.getMessage()
              + "); end the other agent that runs on this folder",
          e);
    }
  }

  /** What is known of a Pod before the cluster has been heard. */
  private static Pod remembered(SandboxRecord record) {
    return remembered(
        record.pod(), record.uid(), record.ip(), record.hostNetwork(), record.gracePeriodSeconds());
  }

  private static Pod remembered(AttachedRecord record) {
    return remembered(record.pod(), record.uid(), record.ip(), false, 0);
  }

  private static Pod remembered(
      ObjectName key, String uid, IpAddress ip, boolean hostNetwork, int gracePeriodSeconds) {
    PodSpec spec = new PodSpec(List.of(), RestartPolicy.ALWAYS, Map.of(), null, null, hostNetwork);
    return new Pod(
        key,
        uid,
        Map.of(),
        null,
        spec,
        PodPhase.RUNNING,
        List.of(ip),
        false,
        false,
        gracePeriodSeconds);
  }

  FleetThread thread() {
    return thread;
  }

  Path folder() {
    return folder;
  }

  PodNetwork network() {
    return network;
  }

  BuiltInImages images() {
    return images;
  }

  PodRegistry registry() {
    return registry;
  }

  Optional<IpAddress> takeAddress() {
    Optional<IpAddress> taken = addresses.take();
    taken.ifPresent(
        address -> StateFile.write(lastAddressFile(), Map.of("last", address.toString())));
    return taken;
  }

  void releaseAddress(IpAddress address) {
    addresses.release(address);
  }

  private Path lastAddressFile() {
    return folder.resolve("addresses.properties");
  }

  private IpAddress lastAddress() {
    return StateFile.read(lastAddressFile())
        .flatMap(values -> IpAddress.tryParse(values.getOrDefault("last", "")))
        .orElse(network.node().gateway());
  }

  /** Off the fleet's thread. */
  PodSandbox createSandbox(PodFolder podFolder, Pod pod, IpAddress ip) throws InterruptedException {
    making.acquire();
    try {
      PodSandbox sandbox = PodSandbox.create(podFolder, pod, ip, network.node());
      try {
        sandbox.tap().ifPresent(tap -> network.attach(pod.key(), ip, sandbox.mac(), tap));
        return sandbox;
      } catch (RuntimeException e) {
        sandbox.destroy();
        throw e;
      }
    } finally {
      making.release();
    }
  }

  /** Off the fleet's thread. */
  void destroySandbox(ObjectName key, PodSandbox sandbox) {
    if (sandbox.tap().isPresent()) {
      network.detach(key);
    }
    sandbox.destroy();
  }

  void report(PodStatus status) {
    reports.accept(status);
  }

  void publish(PodLife runner) {
    runner
        .view()
        .ifPresentOrElse(view -> views.put(runner.key(), view), () -> views.remove(runner.key()));
  }

  void gone(PodLife runner) {
    runners.values().remove(runner);
    views.remove(runner.key());
    // A Pod of the same name may have waited for this.
    thread.execute(this::step);
  }

  /** Lets go of the Pods, which run on until the next agent takes them over. */
  @Override
  public void close() {
    thread.close();
    runners.values().forEach(PodLife::letGo);
    views.clear();
  }
}
