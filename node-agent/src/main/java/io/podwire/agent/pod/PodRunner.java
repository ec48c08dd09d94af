package io.podwire.agent.pod;

import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Pod;
import io.podwire.cluster.model.PodPhase;
import io.podwire.cluster.model.PodSpec.RestartPolicy;
import io.podwire.cluster.model.PodStatus;
import io.podwire.packet.addr.IpAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Pod that runs programs of its own in a sandbox.
 *
 * <p>Not thread-safe; confined to the fleet's thread.
 */
final class PodRunner implements PodLife {

  private static final Logger LOG = LoggerFactory.getLogger(PodRunner.class);

  private enum State {
    /** An earlier agent's, until the cluster says whether it is still wanted. */
    ADOPTED,
    CREATING,
    RUNNING,
    /** Asked to end, within the grace period. */
    STOPPING,
    /** Being killed and its network released. */
    REMOVING,
    /** All containers have ended for good; logs and outcome are kept. */
    FINISHED,
    GONE
  }

  private final PodFleet fleet;
  private final FleetThread thread;
  private final PodFolder folder;
  private Pod pod;
  private List<ContainerRunner> containers;
  private State state = State.CREATING;
  private @Nullable IpAddress address;
  private @Nullable PodSandbox sandbox;
  private @Nullable PodOutcome outcome;
  private @Nullable PodStatus reported;
  private boolean removal;
  private boolean updating;
  private String reason = "";
  private String message = "";
  private final RestartBackoff sandboxBackoff = new RestartBackoff();

  PodRunner(PodFleet fleet, Pod pod) {
    this.fleet = fleet;
    this.thread = fleet.thread();
    this.pod = pod;
    this.folder = PodFolder.of(fleet.folder(), pod.key(), pod.uid());
    this.containers = runners(pod);
  }

  private List<ContainerRunner> runners(Pod of) {
    return of.spec().containers().stream()
        .map(container -> new ContainerRunner(this, thread, container))
        .toList();
  }

  @Override
  public ObjectName key() {
    return pod.key();
  }

  @Override
  public PodFolder folder() {
    return folder;
  }

  String hostname() {
    return EtcFiles.kernelHostname(pod, fleet.network().node().zone());
  }

  BuiltInImages images() {
    return fleet.images();
  }

  RestartPolicy restartPolicy() {
    return pod.spec().restartPolicy();
  }

  @Override
  public Optional<LocalPod> view() {
    boolean usable = state == State.RUNNING || state == State.STOPPING;
    return state == State.REMOVING || state == State.GONE
        ? Optional.empty()
        : Optional.of(
            new LocalPod(
                pod,
                hostname(),
                usable ? Optional.ofNullable(sandbox) : Optional.empty(),
                folder,
                containers.stream().map(ContainerRunner::view).toList()));
  }

  @Override
  public void begin() {
    Optional<PodOutcome> earlier = PodOutcome.read(folder.outcome());
    if (earlier.isPresent() || pod.phase().isFinal()) {
      state = State.FINISHED;
      outcome = earlier.orElseGet(() -> new PodOutcome(pod.phase(), "", "", List.of()));
      if (earlier.isPresent()) {
        changed();
      } else {
        // Only the cluster knows how it ended: nothing to tell.
        reported = status();
      }
      return;
    }
    state = State.CREATING;
    Optional<IpAddress> taken =
        pod.spec().hostNetwork()
            ? Optional.of(fleet.network().node().nodeAddress())
            : fleet.takeAddress();
    if (taken.isEmpty()) {
      waitForSandbox("no address is free in " + fleet.network().node().podCidr());
      return;
    }
    address = taken.get();
    create(taken.get());
  }

  private void create(IpAddress ip) {
    Pod wanted = pod;
    thread.offload(
        () -> fleet.createSandbox(folder, wanted, ip),
        (created, failure) -> {
          if (created != null) {
            created(created);
          } else if (failure != null) {
            releaseAddress();
            waitForSandbox(
                failure.getMessage() == null ? failure.toString() : failure.getMessage());
          }
        });
  }

  private void waitForSandbox(String why) {
    reason = "FailedCreatePodSandBox";
    message = why;
    LOG.warn("Pod {} waits: {}", key(), why);
    if (removal) {
      remove();
      return;
    }
    Duration wait = sandboxBackoff.afterRun(Duration.ZERO);
    thread.schedule(
        wait.isZero() ? Duration.ofSeconds(1) : wait,
        () -> {
          if (state == State.CREATING && sandbox == null) {
            begin();
          }
        });
    changed();
  }

  private void created(PodSandbox made) {
    boolean again = containers.stream().anyMatch(ContainerRunner::hasStarted);
    entered(made);
    if (removal) {
      remove();
      return;
    }
    containers.forEach(each -> {
      if (again) {
        each.restart(made);
      } else {
        each.begin(made);
      }
    });
    changed();
  }

  private void entered(PodSandbox entered) {
    sandbox = entered;
    address = entered.ip();
    state = State.RUNNING;
    reason = "";
    message = "";
    entered.holder().whenEnded(() -> thread.execute(() -> lost(entered)));
  }

  /** Takes over an earlier agent's sandbox; what runs in it is looked at in {@link #update}. */
  void adopt(PodSandbox adopted) {
    entered(adopted);
    state = State.ADOPTED;
  }

  /** The pause process has ended though nobody here ended it: the Pod starts anew, same address. */
  private void lost(PodSandbox gone) {
    if (sandbox != gone || state != State.RUNNING) {
      return;
    }
    LOG.warn("Pod {} has lost its sandbox; making it anew", key());
    containers.forEach(ContainerRunner::abandon);
    sandbox = null;
    state = State.CREATING;
    reason = "SandboxChanged";
    IpAddress ip = gone.ip();
    thread.<Boolean>offload(
        () -> {
          fleet.destroySandbox(key(), gone);
          return true;
        },
        (done, failure) -> create(ip));
    changed();
  }

  @Override
  public void update(Pod newest) {
    pod = newest;
    PodSandbox current = sandbox;
    if (state == State.ADOPTED && current != null) {
      containers = runners(newest);
      state = State.RUNNING;
      // One report for all containers, so that a ready Pod does not seem unready in between.
      updating = true;
      containers.forEach(each -> each.begin(current));
      updating = false;
      if (!current.holder().isRunning()) {
        lost(current);
      }
    }
    if (newest.terminating()) {
      stop(newest.gracePeriodSeconds());
    } else {
      changed();
    }
  }

  @Override
  public void kill() {
    containers.forEach(ContainerRunner::kill);
  }

  @Override
  public void setFailing(boolean failing) {
    containers.forEach(each -> each.setFailing(failing));
  }

  @Override
  public void forget() {
    PodSandbox current = sandbox;
    stop(current == null ? 0 : current.record().gracePeriodSeconds());
  }

  private void stop(int graceSeconds) {
    if (removal) {
      return;
    }
    removal = true;
    switch (state) {
      case FINISHED -> remove();
      // Of an adopted one deleted meanwhile the grace period has passed long ago.
      case ADOPTED -> remove();
      case RUNNING -> {
        state = State.STOPPING;
        containers.forEach(ContainerRunner::stop);
        thread.schedule(Duration.ofSeconds(Math.max(0, graceSeconds)), this::remove);
        changed();
      }
      case CREATING -> {
        if (sandbox == null && address == null) {
          remove();
        }
      }
      case STOPPING, REMOVING, GONE -> {}
    }
  }

  private void remove() {
    if (state == State.REMOVING || state == State.GONE) {
      return;
    }
    state = State.REMOVING;
    containers.forEach(ContainerRunner::abandon);
    clearAway(
        () -> {
          state = State.GONE;
          fleet.gone(this);
          report();
        },
        true);
  }

  private void finished(PodOutcome how) {
    outcome = how;
    state = State.FINISHED;
    containers.forEach(ContainerRunner::abandon);
    clearAway(this::changed, false);
  }

  /** Ends what runs, releases the address, and then goes on; repeated until it works. */
  private void clearAway(Runnable then, boolean withFiles) {
    PodSandbox last = sandbox;
    PodOutcome kept = outcome;
    thread.<Boolean>offload(
        () -> {
          if (!withFiles && kept != null) {
            kept.write(folder.outcome());
          }
          if (last != null) {
            fleet.destroySandbox(key(), last);
          }
          if (withFiles) {
            folder.delete();
          } else {
            Files.deleteIfExists(folder.sandbox());
          }
          return true;
        },
        (done, failure) -> {
          if (!withFiles && state != State.FINISHED) {
            return;
          }
          if (failure != null) {
            LOG.warn("Pod {} cannot be cleared away yet: {}", key(), failure.getMessage());
            thread.schedule(Duration.ofSeconds(1), () -> clearAway(then, withFiles));
            return;
          }
          sandbox = null;
          releaseAddress();
          then.run();
        });
  }

  private void releaseAddress() {
    if (address != null && !pod.spec().hostNetwork()) {
      fleet.releaseAddress(address);
    }
    address = null;
  }

  /** Something in a container has changed. */
  void changed() {
    if (updating) {
      return;
    }
    boolean allEnded =
        !containers.isEmpty() && containers.stream().allMatch(ContainerRunner::hasEnded);
    if (state == State.STOPPING && allEnded) {
      remove();
    } else if (state == State.RUNNING && allEnded) {
      boolean good = containers.stream().allMatch(each -> each.status().exitCode() == 0);
      Optional<ContainerRunner> troubled = troubled();
      finished(
          new PodOutcome(
              good ? PodPhase.SUCCEEDED : PodPhase.FAILED,
              troubled.map(each -> each.status().reason()).orElse(""),
              troubled.map(ContainerRunner::message).orElse(""),
              containers.stream().map(ContainerRunner::status).toList()));
    }
    fleet.publish(this);
    report();
  }

  private void report() {
    PodStatus now = status();
    if (state != State.ADOPTED && !now.equals(reported)) {
      reported = now;
      fleet.report(now);
    }
  }

  private PodStatus status() {
    PodOutcome how = outcome;
    IpAddress ip = address;
    List<PodStatus.ContainerStatus> parts =
        how == null ? containers.stream().map(ContainerRunner::status).toList() : how.containers();
    // Asked to end it is still ready for those that it serves, as long as its probes say so.
    boolean running = state == State.RUNNING || state == State.STOPPING;
    boolean ready = running && containers.stream().allMatch(ContainerRunner::isReady);
    Optional<ContainerRunner> troubled = troubled();
    String why =
        reason.isEmpty() ? troubled.map(each -> each.status().reason()).orElse("") : reason;
    String text = reason.isEmpty() ? troubled.map(ContainerRunner::message).orElse("") : message;
    return new PodStatus(
        pod.key(),
        pod.uid(),
        how == null ? phase() : how.phase(),
        ip == null || sandbox == null ? List.of() : fleet.network().node().addresses(ip),
        ready,
        how == null ? why : how.reason(),
        how == null ? text : how.message(),
        parts,
        state == State.GONE);
  }

  private Optional<ContainerRunner> troubled() {
    return containers.stream().filter(ContainerRunner::isTroubled).findFirst();
  }

  /** Whether the cluster held it for ready when it was last heard. */
  boolean wasReady() {
    return pod.ready();
  }

  @Override
  public void letGo() {
    PodSandbox current = sandbox;
    if (current != null) {
      fleet.network().detach(key());
      current.release();
    }
  }

  private PodPhase phase() {
    PodStatus last = reported;
    if (last != null && (state == State.REMOVING || state == State.GONE)) {
      return last.phase();
    }
    boolean begun = sandbox != null && containers.stream().allMatch(ContainerRunner::hasStarted);
    return begun ? PodPhase.RUNNING : PodPhase.PENDING;
  }
}
