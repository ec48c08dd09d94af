package io.podwire.controlplane.sync;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.podwire.cluster.model.ModelObject;
import io.podwire.cluster.model.Node;
import io.podwire.cluster.model.Pod;
import io.podwire.cluster.store.Store;
import io.podwire.cluster.store.StoreException;
import io.podwire.controlplane.kind.KindTable;
import io.podwire.proto.ProtoTranslator;
import io.podwire.proto.v1.Acknowledged;
import io.podwire.proto.v1.AgentMessage;
import io.podwire.proto.v1.ClusterSyncGrpc;
import io.podwire.proto.v1.FaultReport;
import io.podwire.proto.v1.PlacedPod;
import io.podwire.proto.v1.PodPlacement;
import io.podwire.proto.v1.PodRemoval;
import io.podwire.proto.v1.Update;
import io.podwire.proto.v1.WatchRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gRPC service that agents and DNS servers follow.
 *
 * <p>Thread-safe. Calls may wait for ZooKeeper, so the server needs threads to spare.
 */
public final class ClusterSyncService extends ClusterSyncGrpc.ClusterSyncImplBase
    implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ClusterSyncService.class);

  /** How long a follower that has seen more than this control plane waits for it to catch up. */
  private static final Duration CATCH_UP_LIMIT = Duration.ofSeconds(2);

  private static final Duration CATCH_UP_STEP = Duration.ofMillis(20);

  private final Store store;
  private final StateFeed feed;
  private final Streams streams;
  private final NodeNames names;
  private final NodeRegistration registration;
  private final PodReports reports;
  private final FaultReports faults;
  private final PodPlacements placements;
  private final Map<String, AgentSession> sessions = new ConcurrentHashMap<>();
  private final Runnable endOrphans = this::endSessionsOfDeletedNodes;

  /**
   * @param names who may call itself what
   * @param placements where the Pods go that agents attach
   */
  public ClusterSyncService(
      Store store, StateFeed feed, NodeNames names, PodPlacements placements) {
    this.store = store;
    this.feed = feed;
    this.streams = new Streams(feed);
    this.names = names;
    this.placements = placements;
    this.registration = new NodeRegistration(store, Instant::now);
    this.reports = new PodReports(store, Instant::now);
    this.faults = new FaultReports(store, Instant::now);
    faults.start();
    feed.addListener(endOrphans);
  }

  @Override
  public void watch(WatchRequest request, StreamObserver<Update> responses) {
    LOG.info("{} follows after revision {}", request.getClient(), request.getRevision());
    ServerCallStreamObserver<Update> observer = (ServerCallStreamObserver<Update>) responses;
    StateStream stream =
        stream(observer, object -> !(object instanceof Node), request.getRevision());
    observer.setOnReadyHandler(stream::changed);
    observer.setOnCancelHandler(() -> streams.remove(stream));
    streams.add(stream);
  }

  @Override
  public StreamObserver<AgentMessage> session(StreamObserver<Update> responses) {
    return new AgentSession(
        this, names, registration, reports, faults, (ServerCallStreamObserver<Update>) responses);
  }

  @Override
  public void report(FaultReport report, StreamObserver<Acknowledged> responses) {
    faults.take(ProtoTranslator.fromMessage(report), report.getReporter(), "");
    responses.onNext(Acknowledged.getDefaultInstance());
    responses.onCompleted();
  }

  @Override
  public void placePod(PodPlacement request, StreamObserver<PlacedPod> responses) {
    answer(
        responses,
        request.getNodeName(),
        () -> {
          Pod pod = ProtoTranslator.fromMessage(request.getPod());
          if (!pod.spec().isAttached()) {
            throw new IllegalArgumentException("only Pods of attached namespaces are placed so");
          }
          String uid = placements.create(AttachedManifest.of(pod, request.getNodeName()));
          return PlacedPod.newBuilder().setUid(uid).build();
        });
  }

  @Override
  public void removePod(PodRemoval request, StreamObserver<Acknowledged> responses) {
    answer(
        responses,
        request.getNodeName(),
        () -> {
          placements.remove(request.getNamespace(), request.getName(), request.getUid());
          return Acknowledged.getDefaultInstance();
        });
  }

  private <T> void answer(StreamObserver<T> responses, String node, Supplier<T> work) {
    Status failure;
    try {
      if (!sessions.containsKey(node)) {
        throw new IllegalArgumentException("node " + node + " has no session here");
      }
      responses.onNext(work.get());
      responses.onCompleted();
      return;
    } catch (PodPlacements.Refused e) {
      failure = e.isForName() ? Status.ALREADY_EXISTS : Status.INVALID_ARGUMENT;
      failure = failure.withDescription(e.getMessage());
    } catch (IllegalArgumentException e) {
      failure = Status.INVALID_ARGUMENT.withDescription(e.getMessage());
    } catch (StoreException e) {
      failure = Status.UNAVAILABLE.withDescription(e.getMessage());
    }
    responses.onError(failure.asRuntimeException());
  }

  /** Opens the stream of an agent, which sees no Pods but its own. */
  StateStream follow(ServerCallStreamObserver<Update> responses, String node, long known) {
    StateStream stream =
        stream(
            responses,
            object -> !(object instanceof Pod pod) || node.equals(pod.nodeName()),
            known);
    streams.add(stream);
    return stream;
  }

  private StateStream stream(
      ServerCallStreamObserver<Update> responses, Predicate<ModelObject> visible, long known) {
    return new StateStream(feed, visible, responses, streams.executor(), resumable(known));
  }

  void forget(StateStream stream) {
    streams.remove(stream);
  }

  /** The revision to resume from; 0 where it is from another history than this registry's. */
  private long resumable(long known) {
    long deadline = System.nanoTime() + CATCH_UP_LIMIT.toNanos();
    while (known > store.list("namespaces", "").revision()) {
      if (System.nanoTime() > deadline) {
        return 0;
      }
      try {
        Thread.sleep(CATCH_UP_STEP);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return 0;
      }
    }
    return known;
  }

  /** Makes this the session of its node and ends the one before. */
  void opened(AgentSession session) {
    AgentSession before = sessions.put(session.node(), session);
    if (before != null) {
      before.end(Status.ABORTED.withDescription("a newer session of this node has begun"));
    }
  }

  void closed(AgentSession session) {
    sessions.remove(session.node(), session);
  }

  /** An agent whose node was deleted has to register it again, and gets another Pod network. */
  private void endSessionsOfDeletedNodes() {
    for (AgentSession session : sessions.values()) {
      if (session.isEstablished() && store.get(KindTable.NODE.key("", session.node())).isEmpty()) {
        session.end(Status.UNAVAILABLE.withDescription("the node was deleted"));
      }
    }
  }

  /** The agents connected here, each with the revision that its data path follows. */
  public Map<String, Long> applied() {
    Map<String, Long> applied = new ConcurrentHashMap<>();
    sessions.forEach((node, session) -> applied.put(node, session.applied()));
    return applied;
  }

  /** Ends every stream. */
  @Override
  public void close() {
    feed.removeListener(endOrphans);
    streams.close();
    sessions.values().forEach(AgentSession::release);
    faults.close();
  }
}
