package io.podwire.agent.pod;

import io.podwire.cluster.attach.KeptInterface;
import io.podwire.cluster.attach.KeptPod;
import io.podwire.cluster.model.Container;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Pod;
import io.podwire.cluster.model.PodSpec;
import io.podwire.cluster.model.PodStatus;
import io.podwire.cluster.model.Probe;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Pod whose network namespace and programs are others': it lasts as long as somebody holds its
 * TAP, and a little longer, so that holder or agent may start again.
 *
 * <p>Not thread-safe; confined to the fleet's thread.
 */
final class AttachedRunner implements PodLife {

  /** How long a Pod without a holder keeps its name and its address. */
  static final Duration GRACE = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(AttachedRunner.class);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration LOOK_AT_KEPT = Duration.ofSeconds(2);

  private final PodFleet fleet;
  private final FleetThread thread;
  private final PodFolder folder;
  private final CompletableFuture<Boolean> gone = new CompletableFuture<>();
  private Pod pod;
  private String description = "";
  private @Nullable IpAddress address;
  private @Nullable Attachment attachment;
  private @Nullable Readiness readiness;
  private @Nullable PodStatus reported;
  private FleetThread.@Nullable Timer timer;
  private boolean everAttached;
  // Of an earlier agent's Pod nothing is said until it is clear whether its holder comes back.
  private boolean quiet;
  private boolean failing;
  private boolean removalAsked;
  private boolean removed;
  private boolean ended;

  AttachedRunner(PodFleet fleet, Pod pod) {
    this.fleet = fleet;
    this.thread = fleet.thread();
    this.pod = pod;
    this.folder = PodFolder.of(fleet.folder(), pod.key(), pod.uid());
  }

  @Override
  public ObjectName key() {
    return pod.key();
  }

  @Override
  public PodFolder folder() {
    return folder;
  }

  String uid() {
    return pod.uid();
  }

  String description() {
    return description;
  }

  boolean isHeld() {
    return attachment != null;
  }

  CompletableFuture<Boolean> gone() {
    return gone.copy();
  }

  Optional<KeptPod> kept() {
    IpAddress ip = address;
    KeptInterface kept = attachment == null ? null : attachment.kept();
    return kept == null || ip == null
        ? Optional.empty()
        : Optional.of(new KeptPod(kept, key(), ip));
  }

  @Override
  public void begin() {
    awaitHolder();
    changed();
    fleet.attached().begun(this);
  }

  /** Takes over an earlier agent's, and what that kept. */
  void adopt(AttachedRecord record, Optional<Attachment> kept) {
    address = record.ip();
    description = record.description();
    everAttached = true;
    quiet = true;
    if (kept.isPresent()) {
      take(kept.get());
    } else if (record.kept() != null) {
      quiet = false;
      askRemoval();
    } else {
      awaitHolder();
    }
  }

  private void awaitHolder() {
    timer =
        thread.schedule(
            GRACE,
            () -> {
              quiet = false;
              askRemoval();
              changed();
            });
  }

  /**
   * Makes a TAP this Pod's network. It belongs to the runner from now on, unless this throws.
   *
   * @return the Pod's address
   */
  IpAddress take(Attachment taken) {
    if (attachment != null || removed || pod.terminating()) {
      throw new PodRegistry.Refused(
          PodRegistry.Refused.Kind.TAKEN, "Pod " + key() + " is attached already");
    }
    IpAddress ip = address == null ? fleet.takeAddress().orElse(null) : address;
    if (ip == null) {
      throw new PodRegistry.Refused(
          PodRegistry.Refused.Kind.UNAVAILABLE,
          "no address is free in " + fleet.network().node().podCidr());
    }
    address = ip;
    KeptInterface kept = taken.kept();
    long inode = kept == null ? 0 : KeptTap.inode(kept);
    folder.create(folder.path());
    new AttachedRecord(
            key(), uid(), ip, taken.description(), kept, inode, SandboxRecord.currentBootId())
        .write(folder.attached());
    if (!failing) {
      fleet.network().attach(key(), ip, MacAddress.of(ip), taken.tap());
    }
    attachment = taken;
    description = taken.description();
    cancelTimer();
    removalAsked = false;
    startReadiness(everAttached && pod.ready());
    everAttached = true;
    // Not heard yet: nobody knows whether it has a probe.
    quiet = pod.spec().containers().isEmpty();
    LOG.info("Pod {} is attached with {}", key(), ip);
    if (kept != null) {
      lookAt(kept, inode);
    }
    changed();
    return ip;
  }

  private void startReadiness(boolean wasReady) {
    Container container = pod.spec().containers().isEmpty() ? null : container();
    Probe probe = container == null ? null : container.readinessProbe();
    IpAddress ip = address;
    Readiness next =
        new Readiness(
            thread,
            probe,
            () ->
                probe != null
                    && container != null
                    && ip != null
                    && new ProbeCheck(ip, null, container, "", probe).succeeds(),
            this::changed);
    readiness = next;
    next.start(wasReady);
  }

  private Container container() {
    return pod.spec().containers().get(0);
  }

  /** A namespace that is deleted without a word has to be let go of: our TAP keeps it alive. */
  private void lookAt(KeptInterface kept, long inode) {
    timer =
        thread.schedule(
            LOOK_AT_KEPT,
            () ->
                thread.<Boolean>offload(
                    () -> KeptTap.isThere(kept, inode),
                    (there, failure) -> {
                      Attachment now = attachment;
                      if (now == null || now.kept() != kept) {
                        return;
                      }
                      if (Boolean.FALSE.equals(there)) {
                        LOG.warn("Pod {}: {} is gone", key(), kept.netns());
                        leave(now, true);
                      } else {
                        lookAt(kept, inode);
                      }
                    }));
  }

  /**
   * The holder is gone.
   *
   * @param atOnce whether it has said that it will not come back
   */
  void leave(Attachment left, boolean atOnce) {
    if (attachment != left) {
      return;
    }
    detach(true);
    if (atOnce) {
      askRemoval();
    } else {
      LOG.info("Pod {} has lost its holder", key());
      awaitHolder();
    }
    changed();
  }

  private void detach(boolean forGood) {
    cancelTimer();
    Attachment held = attachment;
    attachment = null;
    Readiness tries = readiness;
    if (tries != null) {
      tries.stop();
    }
    if (held == null) {
      return;
    }
    fleet.network().detach(key());
    if (forGood && held.kept() != null) {
      held.tap().setPersistent(false);
    }
    held.tap().close();
  }

  private void cancelTimer() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  /** Has the cluster end this Pod; again until it does. */
  void askRemoval() {
    if (removalAsked || removed || pod.terminating()) {
      return;
    }
    removalAsked = true;
    String uid = uid();
    thread.<Boolean>offload(
        () -> {
          fleet.registry().delete(key(), uid);
          return true;
        },
        (done, failure) -> {
          if (failure != null && removalAsked && !removed) {
            removalAsked = false;
            LOG.debug("Pod {} cannot be removed yet", key(), failure);
            timer = thread.schedule(RETRY, this::askRemoval);
          }
        });
  }

  @Override
  public void update(Pod newest) {
    boolean first = pod.spec().containers().isEmpty();
    pod = newest;
    Readiness tries = readiness;
    if (first && attachment != null && tries != null) {
      tries.stop();
      startReadiness(newest.ready());
      quiet = false;
    }
    if (newest.terminating()) {
      remove("it was deleted");
    } else {
      changed();
    }
  }

  @Override
  public void forget() {
    remove("the cluster does not know it any more");
  }

  private void remove(String why) {
    if (removed) {
      return;
    }
    removed = true;
    Attachment held = attachment;
    detach(true);
    if (held != null) {
      held.ended().accept("Pod " + key() + " is no more: " + why);
    }
    fleet.publish(this);
    clearAway();
  }

  private void clearAway() {
    thread.<Boolean>offload(
        () -> {
          folder.delete();
          return true;
        },
        (done, failure) -> {
          if (failure != null) {
            LOG.warn("Pod {} cannot be cleared away yet: {}", key(), failure.getMessage());
            thread.schedule(RETRY, this::clearAway);
            return;
          }
          ended = true;
          IpAddress ip = address;
          if (ip != null) {
            fleet.releaseAddress(ip);
          }
          fleet.gone(this);
          report();
          gone.complete(true);
        });
  }

  @Override
  public void kill() {
    Attachment held = attachment;
    if (held == null || held.kept() != null) {
      LOG.warn("Pod {} is attached by others, whom nothing here can kill", key());
      return;
    }
    leave(held, false);
    held.ended().accept("Pod " + key() + " was killed by a fault");
  }

  @Override
  public void setFailing(boolean fails) {
    if (fails == failing) {
      return;
    }
    failing = fails;
    Attachment held = attachment;
    IpAddress ip = address;
    if (held != null && ip != null) {
      if (fails) {
        fleet.network().detach(key());
      } else {
        fleet.network().attach(key(), ip, MacAddress.of(ip), held.tap());
      }
    }
    changed();
  }

  @Override
  public void letGo() {
    if (attachment != null) {
      detach(false);
    }
  }

  @Override
  public Optional<LocalPod> view() {
    return removed
        ? Optional.empty()
        : Optional.of(
            new LocalPod(
                pod,
                Optional.empty(),
                folder,
                List.of(new LocalPod.Run(PodSpec.ATTACHED_CONTAINER, 0, isHeld()))));
  }

  private void changed() {
    fleet.publish(this);
    report();
  }

  private void report() {
    PodStatus now = status();
    if (!quiet && !now.equals(reported)) {
      reported = now;
      fleet.report(now);
    }
  }

  private PodStatus status() {
    boolean running = isHeld() && !failing;
    Readiness tries = readiness;
    AttachedStatus.Stage stage =
        running
            ? AttachedStatus.Stage.ATTACHED
            : failing
                ? AttachedStatus.Stage.FAILING
                : everAttached ? AttachedStatus.Stage.LOST : AttachedStatus.Stage.AWAITED;
    boolean ready = running && tries != null && tries.isReady();
    return AttachedStatus.of(
        pod,
        stage,
        address == null || !everAttached ? List.of() : fleet.network().node().addresses(address),
        ready,
        ended);
  }
}
