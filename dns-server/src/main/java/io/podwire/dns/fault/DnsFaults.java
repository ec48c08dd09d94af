package io.podwire.dns.fault;

import io.podwire.cluster.model.ClusterUpdate;
import io.podwire.cluster.model.FaultReport;
import io.podwire.cluster.model.ModelKind;
import io.podwire.cluster.model.ModelObject;
import io.podwire.cluster.model.NetworkFault;
import io.podwire.cluster.model.ObjectName;
import io.podwire.dns.handler.Interception;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.dns.Question;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The DNS faults of the cluster, in the order of their keys.
 *
 * <p>Each one is in force from the update that tells of it to the one that ends it, to its
 * deadline, or until no control plane has been heard for its lease. All in force are swapped at
 * once, so a query meets those of one moment. Thread-safe.
 */
public final class DnsFaults implements Interception, Consumer<ClusterUpdate> {

  /** Between two reports of a fault that goes on. */
  private static final Duration REPORT_INTERVAL = Duration.ofSeconds(1);

  /** Queries held at once by all faults together; one takes some kilobytes. */
  private static final int MAX_HELD = 10_000;

  private final ScheduledExecutorService loops;
  private final LongSupplier nanos;
  private final LongSupplier epochMillis;
  private final String reporter;
  private final FaultReports reports;
  private final HeldQueries held;
  private final long reportNanos;
  private final Map<ObjectName, KnownFault> known = new TreeMap<>();
  private final List<KnownFault> leaving = new ArrayList<>();
  private @Nullable Future<?> pending;
  private volatile long heard;
  private volatile @Nullable List<ActiveFault> inForce;

  /**
   * Without faults.
   *
   * @param loops for what has to happen at its time
   * @param nanos a monotonic clock
   * @param epochMillis the time of day
   * @param reporter whose reports these are
   */
  public DnsFaults(
      ScheduledExecutorService loops,
      LongSupplier nanos,
      LongSupplier epochMillis,
      String reporter,
      FaultReports reports) {
    this(loops, nanos, epochMillis, reporter, reports, MAX_HELD, REPORT_INTERVAL);
  }

  DnsFaults(
      ScheduledExecutorService loops,
      LongSupplier nanos,
      LongSupplier epochMillis,
      String reporter,
      FaultReports reports,
      int maxHeld,
      Duration reportInterval) {
    this.reportNanos = reportInterval.toNanos();
    this.loops = loops;
    this.nanos = nanos;
    this.epochMillis = epochMillis;
    this.reporter = reporter;
    this.reports = reports;
    this.held = new HeldQueries(loops, nanos, maxHeld);
    this.heard = nanos.getAsLong();
  }

  /** A control plane lives, whatever it said. */
  public void heard() {
    heard = nanos.getAsLong();
    synchronized (this) {
      if (!known.isEmpty()) {
        refresh();
      }
    }
  }

  /** Takes the faults of an update; everything else of it is not looked at. */
  @Override
  public void accept(ClusterUpdate update) {
    heard = nanos.getAsLong();
    synchronized (this) {
      switch (update) {
        case ClusterUpdate.Snapshot snapshot -> replace(snapshot.objects());
        case ClusterUpdate.Delta delta -> delta.changes().forEach(this::change);
      }
      if (!known.isEmpty() || !leaving.isEmpty()) {
        refresh();
        tickWithin(0);
      }
    }
  }

  private void replace(List<ModelObject> objects) {
    Set<ObjectName> gone = new HashSet<>(known.keySet());
    for (ModelObject object : objects) {
      if (object instanceof NetworkFault fault) {
        put(fault);
        gone.remove(fault.key());
      }
    }
    gone.forEach(this::remove);
  }

  private void change(ClusterUpdate.Change change) {
    if (change instanceof ClusterUpdate.Upsert upsert
        && upsert.object() instanceof NetworkFault fault) {
      put(fault);
    } else if (change instanceof ClusterUpdate.Removal removal
        && removal.kind() == ModelKind.NETWORK_FAULT) {
      remove(removal.key());
    }
  }

  private void put(NetworkFault fault) {
    if (fault.spec().dns() == null) {
      remove(fault.key());
      return;
    }
    long nowMillis = epochMillis.getAsLong();
    long now = nanos.getAsLong();
    KnownFault before = known.get(fault.key());
    if (before != null && before.isSameAs(fault)) {
      before.change(fault, nowMillis, now);
      return;
    }
    remove(fault.key());
    known.put(
        fault.key(),
        new KnownFault(fault, FaultTerm.of(fault, nowMillis, now), held.new Ward(), reportNanos));
  }

  private void remove(ObjectName key) {
    KnownFault before = known.remove(key);
    if (before != null) {
      before.remove(nanos.getAsLong());
      leaving.add(before);
    }
  }

  /** Settles who acts now. */
  private void refresh() {
    long now = nanos.getAsLong();
    long lastHeard = heard;
    leaving.forEach(each -> each.acts(now, lastHeard));
    List<ActiveFault> acting = new ArrayList<>();
    for (KnownFault each : known.values()) {
      if (each.acts(now, lastHeard)) {
        acting.add(each.active());
      }
    }
    inForce = acting.isEmpty() ? null : List.copyOf(acting);
  }

  /** Ends what is over, tells what is new, and comes again while there is anything to do. */
  synchronized void tick() {
    refresh();
    long now = nanos.getAsLong();
    leaving.removeIf(each -> each.isDone(now));
    List<KnownFault> all = new ArrayList<>(known.values());
    all.addAll(leaving);
    long wait = reportNanos;
    for (KnownFault each : all) {
      tell(each, now);
      long left = each.left(now, heard);
      wait = left > 0 ? Math.min(wait, left) : wait;
    }
    if (!all.isEmpty()) {
      tickWithin(wait);
    }
  }

  /** There is one next time, and this is it. */
  private void tickWithin(long wait) {
    Future<?> before = pending;
    if (before != null) {
      before.cancel(false);
    }
    try {
      pending = loops.schedule(this::tick, wait, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      // The server ends.
      pending = null;
    }
  }

  private void tell(KnownFault fault, long now) {
    FaultReport report = fault.report(reporter, now);
    if (report != null) {
      reports.send(report).whenComplete((done, failure) -> told(fault, failure == null));
    }
  }

  private synchronized void told(KnownFault fault, boolean taken) {
    fault.reported(taken);
  }

  @Override
  public boolean isOn() {
    return inForce != null;
  }

  @Override
  public boolean concerns(Question question, InetAddress client) {
    return find(question, IpAddress.of(client.getAddress()), true) != null;
  }

  /** The first that a query of a client is for; null for none. */
  @Nullable ActiveFault find(Question question, IpAddress client, boolean overUdp) {
    List<ActiveFault> acting = inForce;
    if (acting == null) {
      return null;
    }
    String name = NamePattern.text(question.name());
    long now = nanos.getAsLong();
    for (ActiveFault each : acting) {
      if (each.concerns(name, question.type(), client, overUdp) && !each.isOver(now, heard)) {
        return each;
      }
    }
    return null;
  }

  /** Queries that wait at this moment. */
  int held() {
    return held.count();
  }
}
