package io.podwire.controlplane.controller;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cluster.fault.LinkReceipt;
import io.podwire.cluster.fault.NodeEffect;
import io.podwire.cluster.fault.PodEffect;
import io.podwire.cluster.model.FaultRequest;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Pod;
import io.podwire.cluster.reconcile.FaultConflicts;
import io.podwire.cluster.reconcile.FaultTargets;
import io.podwire.cluster.reconcile.FaultTargets.Resolution;
import io.podwire.cluster.store.ResourceKey;
import io.podwire.cluster.store.Store;
import io.podwire.cluster.store.StoredObject;
import io.podwire.controlplane.fault.FaultReceipts;
import io.podwire.controlplane.fault.FaultRecord;
import io.podwire.controlplane.kind.FaultReader;
import io.podwire.controlplane.kind.FaultStatus;
import io.podwire.controlplane.kind.Kind;
import io.podwire.controlplane.kind.KindTable;
import io.podwire.controlplane.kind.ManifestJson;
import io.podwire.controlplane.kind.Manifests;
import io.podwire.controlplane.manifest.ManifestEditor;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads faults through their lives: finds what a new one acts on, follows Pods and nodes while it
 * runs, and ends it at its deadline or when its holder has been silent for longer than the lease.
 *
 * <p>Agents end it at the same moment by themselves: what is written here is for people, and for
 * agents that come later. Not thread-safe.
 */
final class FaultStep implements Step {

  /** Who has done what the leader does itself. */
  static final String REPORTER = "control-plane";

  private static final Logger LOG = LoggerFactory.getLogger(FaultStep.class);
  private static final String KILLS = "kills";
  private static final Comparator<ResourceKey> BY_NAME =
      Comparator.comparing(ResourceKey::toString);

  private record Reading(long revision, ObjectNode manifest, FaultRequest request) {}

  private final Store store;
  private final ManifestEditor editor;
  private final InstantSource clock;
  private final Runnable expireSession;
  private Map<ResourceKey, Reading> readings = new HashMap<>();

  /**
   * @param expireSession ends the ZooKeeper session, and with it the term
   */
  FaultStep(Store store, ManifestEditor editor, InstantSource clock, Runnable expireSession) {
    this.expireSession = expireSession;
    this.store = store;
    this.editor = editor;
    this.clock = clock;
  }

  @Override
  public void reconcile(Observation observation) {
    FaultTargets.State state =
        new FaultTargets.State(
            observation.allPods(),
            observation.allNodes(),
            observation.services().values(),
            observation.slices().values());
    Map<ResourceKey, Reading> next = new HashMap<>();
    Map<ResourceKey, FaultConflicts.Acting> acting = new TreeMap<>(BY_NAME);
    for (Kind kind : FaultReader.kinds()) {
      for (StoredObject stored : store.list(kind.resource(), "").objects()) {
        Reading reading = readings.get(stored.key());
        if (reading == null || reading.revision() != stored.revision()) {
          try {
            ObjectNode manifest = ManifestJson.read(stored);
            reading = new Reading(stored.revision(), manifest, FaultReader.request(kind, manifest));
          } catch (RuntimeException e) {
            LOG.error("{} is unreadable and is left out: {}", stored, e.getMessage());
            continue;
          }
        }
        next.put(stored.key(), reading);
        if (phase(reading.manifest()).equals(FaultStatus.RUNNING)) {
          acting.put(
              stored.key(),
              new FaultConflicts.Acting(
                  reading.request().spec(), FaultReader.status(stored).links()));
        }
      }
    }
    readings = next;
    next.forEach((key, reading) -> {
      Kind kind = KindTable.byResource(key.resource()).orElseThrow();
      switch (phase(reading.manifest())) {
        case FaultStatus.PENDING -> begin(key, reading, state, observation, acting);
        case FaultStatus.RUNNING -> keep(kind, key, reading, state, observation);
        case FaultStatus.ENDED -> settle(kind, key, reading.manifest());
        default -> {}
      }
    });
  }

  private static String phase(ObjectNode manifest) {
    return manifest.path("status").path("phase").asText(FaultStatus.PENDING);
  }

  private void begin(
      ResourceKey key,
      Reading reading,
      FaultTargets.State state,
      Observation observation,
      Map<ResourceKey, FaultConflicts.Acting> acting) {
    FaultRequest request = reading.request();
    Resolution resolution =
        FaultTargets.resolve(request, state, FaultRecord.chosen(reading.manifest()));
    FaultConflicts.Acting mine = new FaultConflicts.Acting(request.spec(), resolution.links());
    // Two that were created at the same time have not seen each other.
    for (Map.Entry<ResourceKey, FaultConflicts.Acting> other : acting.entrySet()) {
      Optional<String> conflict = FaultConflicts.between(mine, other.getValue());
      if (conflict.isPresent()) {
        String why = "contradicts " + other.getKey() + ": " + conflict.get();
        editor.edit(key, manifest -> FaultRecord.fail(manifest, why));
        return;
      }
    }
    long now = clock.millis();
    editor.edit(
        key,
        manifest -> {
          if (phase(manifest).equals(FaultStatus.PENDING)) {
            FaultRecord.begin(manifest, request, now);
            FaultRecord.resolved(manifest, resolution, editor.timestamp());
            recordKills(manifest, request, resolution, observation);
          }
        });
    acting.put(key, mine);
    LOG.info("fault {} acts on {} links", key, resolution.links().size());
  }

  private void keep(
      Kind kind,
      ResourceKey key,
      Reading reading,
      FaultTargets.State state,
      Observation observation) {
    FaultRequest request = reading.request();
    if (request.spec().pod() == PodEffect.POD_KILL) {
      kill(kind, key, reading, observation);
      return;
    }
    NodeEffect node = request.spec().node();
    if (node != null && node.action() == NodeEffect.Action.ZOOKEEPER_SESSION_EXPIRED) {
      expireSession(kind, key);
      return;
    }
    long now = clock.millis();
    long deadline = FaultRecord.deadline(request, startMillis(reading.manifest(), now));
    if (now >= deadline || isDone(request, reading.manifest())) {
      end(kind, key);
      return;
    }
    Resolution resolution =
        FaultTargets.resolve(request, state, FaultRecord.chosen(reading.manifest()));
    editor.edit(
        key,
        manifest -> {
          if (phase(manifest).equals(FaultStatus.RUNNING)) {
            FaultRecord.resolved(manifest, resolution, editor.timestamp());
            FaultRecord.deadline(manifest, deadline);
          }
        });
  }

  private void end(Kind kind, ResourceKey key) {
    editor.edit(
        key,
        manifest -> {
          if (phase(manifest).equals(FaultStatus.RUNNING)) {
            FaultRecord.end(manifest, clock.millis(), editor.timestamp());
            FaultReceipts.judge(kind, manifest);
          }
        });
    LOG.info("fault {} has ended", key);
  }

  /** Written down before it happens, so that the next leader does not do it again. */
  private void expireSession(Kind kind, ResourceKey key) {
    LinkReceipt receipt =
        LinkReceipt.once("ZooKeeper session", "zookeeper_session_expired", true, "");
    editor.edit(key, manifest -> FaultReceipts.merge(manifest, REPORTER, "", List.of(receipt)));
    end(kind, key);
    expireSession.run();
  }

  /** A holder that lets go says no more than that it has ended. */
  private void settle(Kind kind, ResourceKey key, ObjectNode ended) {
    if (!ended.path("status").has("endTime")) {
      editor.edit(
          key,
          manifest -> {
            FaultRecord.end(manifest, clock.millis(), editor.timestamp());
            FaultReceipts.judge(kind, manifest);
          });
    }
  }

  private static long startMillis(ObjectNode manifest, long fallback) {
    try {
      return Instant.parse(manifest.path("status").path("startTime").asText()).toEpochMilli();
    } catch (DateTimeException e) {
      return fallback;
    }
  }

  /** Whether something that happens once has happened to every target. */
  private static boolean isDone(FaultRequest request, ObjectNode manifest) {
    NodeEffect node = request.spec().node();
    boolean once =
        request.spec().pod() == PodEffect.CONTAINER_KILL
            || node != null && node.action() == NodeEffect.Action.AGENT_KILL;
    int targets = manifest.path("status").path("targets").size();
    if (!once || targets == 0) {
      return false;
    }
    Set<String> done =
        FaultReceipts.sums(manifest).stream()
            .filter(receipt -> receipt.matched() > 0)
            .map(LinkReceipt::link)
            .collect(Collectors.toSet());
    return done.size() >= targets;
  }

  /** By their uids, so that a new leader does not kill those that have come in their place. */
  private static void recordKills(
      ObjectNode manifest, FaultRequest request, Resolution resolution, Observation observation) {
    if (request.spec().pod() != PodEffect.POD_KILL) {
      return;
    }
    ObjectNode kills = Manifests.child(manifest, "status").putObject(KILLS);
    Map<String, Pod> pods =
        observation.allPods().stream()
            .collect(Collectors.toMap(pod -> pod.key().toString(), pod -> pod));
    for (String target : resolution.targets()) {
      Pod pod = pods.get(target);
      if (pod != null) {
        kills.put(target, pod.uid());
      }
    }
  }

  private void kill(Kind kind, ResourceKey key, Reading reading, Observation observation) {
    Map<String, String> kills = new TreeMap<>();
    reading
        .manifest()
        .path("status")
        .path(KILLS)
        .properties()
        .forEach(entry -> kills.put(entry.getKey(), entry.getValue().asText()));
    for (Pod pod : observation.allPods()) {
      if (pod.uid().equals(kills.get(pod.key().toString()))) {
        delete(pod.key(), pod.uid());
      }
    }
    List<LinkReceipt> receipts = kills.keySet().stream().map(FaultStep::killed).toList();
    editor.edit(key, manifest -> FaultReceipts.merge(manifest, REPORTER, "", receipts));
    end(kind, key);
  }

  /** At once, as Chaos Mesh does without a grace period. */
  private void delete(ObjectName pod, String uid) {
    ResourceKey key = KindTable.POD.key(pod.namespace(), pod.name());
    Optional<StoredObject> stored = store.get(key);
    if (stored.isPresent()
        && ManifestJson.read(stored.get()).path("metadata").path("uid").asText().equals(uid)) {
      store.delete(key, stored.get().revision());
      LOG.info("Pod {} is killed by a fault", pod);
    }
  }

  private static LinkReceipt killed(String pod) {
    return LinkReceipt.once("Pod " + pod, "killed", true, "");
  }
}
