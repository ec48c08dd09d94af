package io.podwire.proto;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.podwire.cluster.model.ClusterUpdate;
import io.podwire.cluster.model.FaultReport;
import io.podwire.cluster.model.ModelKind;
import io.podwire.cluster.model.NetworkFault;
import io.podwire.cluster.model.Pod;
import io.podwire.cluster.model.PodStatus;
import io.podwire.proto.v1.AgentMessage;
import io.podwire.proto.v1.Applied;
import io.podwire.proto.v1.ClusterSyncGrpc;
import io.podwire.proto.v1.Hello;
import io.podwire.proto.v1.Update;
import io.podwire.proto.v1.WatchRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the cluster's state over a stream that is opened again whenever it breaks, at the next of
 * several control planes, resuming after the last revision seen.
 *
 * <p>While no control plane answers, one line is logged and nothing is delivered: the owner goes on
 * with the last state. Thread-safe; the listener is called on the follower's one thread, one call
 * at a time, and holds the stream back for as long as a call lasts.
 */
public final class StateFollower implements AutoCloseable {

  /** What the owner is told. */
  public interface Listener {

    /** The next step of the state; the first one ever is a snapshot. */
    void updated(ClusterUpdate update);

    /** A control plane said something, be it nothing new; before what it said is delivered. */
    default void heard() {}

    /**
     * The control plane answered that it will not serve this follower, such as a session under a
     * node name that another agent holds. The follower tries again until it is closed.
     */
    default void refused(String reason) {}
  }

  /** A control plane answers at once, if only with an empty delta. */
  private static final Duration FIRST_MESSAGE_LIMIT = Duration.ofSeconds(6);

  /** Control planes send an empty delta at least every five seconds. */
  private static final Duration SILENCE_LIMIT = Duration.ofSeconds(20);

  /** A cut may end before its time. */
  private static final Duration CUT_OFF_STEP = Duration.ofMillis(100);

  /**
   * How long what was applied is collected before it is reported: every report costs both sides.
   */
  private static final Duration APPLIED_DELAY = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(StateFollower.class);

  private final List<String> addresses;
  private final Function<String, ManagedChannel> channels;
  private final @Nullable Hello hello;
  private final String client;
  private final Listener listener;
  private final ScheduledThreadPoolExecutor loop;
  private final Backoff backoff;
  private final PendingReports<PodStatus> statuses =
      new PendingReports<>(
          ModelKind.POD, PodStatus::key, PodStatus::uid, object -> ((Pod) object).uid());
  private final PendingReports<FaultReport> faults =
      new PendingReports<>(
          ModelKind.NETWORK_FAULT,
          FaultReport::key,
          FaultReport::uid,
          object -> ((NetworkFault) object).uid());
  private final FollowerStream.Owner owner = new StreamOwner();

  private @Nullable FollowerStream current;
  private @Nullable ScheduledFuture<?> silence;
  private boolean answered;
  private boolean outageLogged;
  private boolean closed;
  private int nextAddress;
  private long revision;
  private long applied;
  private boolean appliedDue;
  // 0 where there is nothing to tell, or not yet.
  private long unsentApplied;
  private long cutOffUntil = System.nanoTime();
  private volatile long lastHeardNanos = System.nanoTime();
  private volatile @Nullable ManagedChannel channel;

  private StateFollower(
      List<String> addresses,
      Function<String, ManagedChannel> channels,
      String client,
      @Nullable Hello hello,
      Listener listener) {
    if (addresses.isEmpty()) {
      throw new IllegalArgumentException("a follower needs at least one control plane address");
    }
    this.addresses = List.copyOf(addresses);
    this.channels = channels;
    this.client = client;
    this.hello = hello;
    this.listener = listener;
    this.backoff = new Backoff(addresses.size(), new SplittableRandom());
    this.loop =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "state-follower");
              thread.setDaemon(true);
              return thread;
            });
    // Each message ends a wait for it, which would wake the thread for nothing when its time comes.
    loop.setRemoveOnCancelPolicy(true);
  }

  /**
   * A read-only follower, such as a DNS server.
   *
   * @param addresses {@code host:port} of the control planes, tried in turn
   * @param channels opens a channel to one of them; the follower shuts it down
   * @param client a name for the control plane's log
   */
  public static StateFollower watch(
      List<String> addresses,
      Function<String, ManagedChannel> channels,
      String client,
      Listener listener) {
    return new StateFollower(addresses, channels, client, null, listener);
  }

  /**
   * An agent's session.
   *
   * @param hello introduces the node at each connection; its revision is filled in
   */
  public static StateFollower session(
      List<String> addresses,
      Function<String, ManagedChannel> channels,
      Hello hello,
      Listener listener) {
    return new StateFollower(addresses, channels, hello.getNodeName(), hello, listener);
  }

  /** Starts connecting; call once. */
  public void start() {
    loop.execute(this::connect);
  }

  /**
   * Reports a Pod. The latest report of each Pod is sent again on every new stream until the Pod is
   * gone from the control plane's state.
   */
  public void send(PodStatus status) {
    onLoop(() -> {
      statuses.put(status);
      flush();
    });
  }

  /**
   * Reports what has been done of a fault. The latest report of each fault is sent again on every
   * new stream until the fault is gone from the control plane's state.
   */
  public void send(FaultReport report) {
    onLoop(() -> {
      faults.put(report);
      flush();
    });
  }

  /**
   * The channel to the control plane that the stream is open to, for single calls; empty while none
   * answers. It is shut down with the stream.
   */
  public Optional<ManagedChannel> channel() {
    return Optional.ofNullable(channel);
  }

  /** When a control plane was last heard, by {@link System#nanoTime}; its start before that. */
  public long lastHeardNanos() {
    return lastHeardNanos;
  }

  /**
   * Hears no control plane for some time: the stream ends, and none is opened before.
   *
   * @param cut zero opens one again
   */
  public void cutOff(Duration cut) {
    onLoop(() -> {
      cutOffUntil = System.nanoTime() + cut.toNanos();
      FollowerStream stream = current;
      if (stream != null && !cut.isZero()) {
        stream.abort("cut off by a fault");
      }
    });
  }

  /** Tells the control plane, a moment later, that the data path follows this revision now. */
  public void applied(long appliedRevision) {
    onLoop(() -> {
      applied = appliedRevision;
      if (!appliedDue) {
        appliedDue = true;
        loop.schedule(this::reportApplied, APPLIED_DELAY.toMillis(), TimeUnit.MILLISECONDS);
      }
    });
  }

  private void reportApplied() {
    appliedDue = false;
    unsentApplied = applied;
    flush();
  }

  /**
   * Ends the stream; nothing is delivered afterwards. Idempotent; may be called by the listener.
   */
  @Override
  public void close() {
    onLoop(() -> {
      closed = true;
      FollowerStream stream = current;
      current = null;
      channel = null;
      if (stream != null) {
        stream.abort("closed");
      }
      loop.shutdownNow();
    });
  }

  private void onLoop(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException closedMeanwhile) {
      // Nothing is delivered after the end.
    }
  }

  private void connect() {
    if (closed) {
      return;
    }
    if (System.nanoTime() - cutOffUntil < 0) {
      loop.schedule(this::connect, CUT_OFF_STEP.toMillis(), TimeUnit.MILLISECONDS);
      return;
    }
    String address = addresses.get(nextAddress);
    nextAddress = (nextAddress + 1) % addresses.size();
    answered = false;
    FollowerStream stream =
        new FollowerStream(address, channels.apply(address), this::onLoop, owner);
    current = stream;
    stream.open(this::open);
    expectMessageWithin(stream, FIRST_MESSAGE_LIMIT);
  }

  private void open(ManagedChannel channel, FollowerStream stream) {
    ClusterSyncGrpc.ClusterSyncStub stub = ClusterSyncGrpc.newStub(channel);
    Hello introduction = hello;
    if (introduction == null) {
      stub.watch(WatchRequest.newBuilder().setClient(client).setRevision(revision).build(), stream);
    } else {
      stub.session(stream);
      stream.send(
          AgentMessage.newBuilder()
              .setHello(introduction.toBuilder().setRevision(revision))
              .build());
      statuses.reconnected();
      faults.reconnected();
    }
  }

  private void expectMessageWithin(FollowerStream stream, Duration limit) {
    ScheduledFuture<?> before = silence;
    if (before != null) {
      before.cancel(false);
    }
    silence =
        loop.schedule(
            () -> stream.abort("no answer within " + limit.toSeconds() + " s"),
            limit.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private void flush() {
    FollowerStream stream = current;
    if (hello == null || stream == null || !answered) {
      return;
    }
    if (unsentApplied != 0 && stream.isWritable()) {
      stream.send(
          AgentMessage.newBuilder()
              .setApplied(Applied.newBuilder().setRevision(unsentApplied))
              .build());
      unsentApplied = 0;
    }
    while (stream.isWritable()) {
      Optional<PodStatus> next = statuses.poll();
      if (next.isEmpty()) {
        flushFaults(stream);
        return;
      }
      stream.send(
          AgentMessage.newBuilder().setPodStatus(ProtoTranslator.toMessage(next.get())).build());
    }
  }

  private void flushFaults(FollowerStream stream) {
    while (stream.isWritable()) {
      Optional<FaultReport> next = faults.poll();
      if (next.isEmpty()) {
        return;
      }
      stream.send(
          AgentMessage.newBuilder().setFaultReport(ProtoTranslator.toMessage(next.get())).build());
    }
  }

  private void deliver(ClusterUpdate update) {
    statuses.observe(update);
    faults.observe(update);
    boolean heartbeat = update instanceof ClusterUpdate.Delta delta && delta.changes().isEmpty();
    if (!heartbeat) {
      listener.updated(update);
    }
    revision = update.revision();
  }

  private void reportFailure(FollowerStream stream, Status status) {
    String reason = reason(status);
    switch (status.getCode()) {
      case ALREADY_EXISTS, INVALID_ARGUMENT, PERMISSION_DENIED, FAILED_PRECONDITION ->
          listener.refused(reason);
      default -> {
        if (!outageLogged) {
          outageLogged = true;
          LOG.warn(
              "control plane {} is unreachable ({}); trying {} until one answers",
              stream.address(),
              reason,
              addresses);
        }
      }
    }
  }

  private static String reason(Status status) {
    String description = status.getDescription();
    Throwable cause = status.getCause();
    if (cause != null && cause.getMessage() != null) {
      return cause.getMessage();
    }
    return description == null ? status.getCode().toString() : description;
  }

  /** The follower's side of its streams; messages of an abandoned stream are not looked at. */
  private final class StreamOwner implements FollowerStream.Owner {

    @Override
    public void received(FollowerStream stream, Update message) {
      if (stream != current) {
        return;
      }
      lastHeardNanos = System.nanoTime();
      if (!answered) {
        answered = true;
        channel = stream.channel();
        outageLogged = false;
        backoff.succeeded();
        LOG.info("following control plane {} after revision {}", stream.address(), revision);
      }
      expectMessageWithin(stream, SILENCE_LIMIT);
      listener.heard();
      try {
        stream.assembler().add(message).ifPresent(StateFollower.this::deliver);
      } catch (RuntimeException e) {
        // Half a step may have been taken: only a snapshot puts that right.
        LOG.error("update {} of {} failed", message.getRevision(), stream.address(), e);
        revision = 0;
        stream.abort("the follower failed to take an update");
        return;
      }
      stream.requestNext();
      flush();
    }

    @Override
    public void writable(FollowerStream stream) {
      if (stream == current) {
        flush();
      }
    }

    @Override
    public void failed(FollowerStream stream, Status status) {
      if (stream != current || closed) {
        return;
      }
      current = null;
      channel = null;
      ScheduledFuture<?> watchdog = silence;
      if (watchdog != null) {
        watchdog.cancel(false);
      }
      stream.abort("failed");
      reportFailure(stream, status);
      long delay = backoff.afterFailure().toMillis();
      if (!closed) {
        loop.schedule(StateFollower.this::connect, delay, TimeUnit.MILLISECONDS);
      }
    }
  }
}
