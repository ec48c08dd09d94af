package io.podwire.agent.fault;

import io.podwire.agent.tunnel.FaultedLinks;
import io.podwire.cluster.fault.LinkReceipt;
import io.podwire.cluster.model.ClusterUpdate;
import io.podwire.cluster.model.FaultReport;
import io.podwire.cluster.model.ModelKind;
import io.podwire.cluster.model.NetworkFault;
import io.podwire.cluster.model.ObjectName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * All faults that concern this node: begins them, keeps them where their Pods are, ends each at its
 * deadline, or where no control plane has been heard for as long as its lease, and reports.
 *
 * <p>Level-triggered: {@link #tick} makes what acts equal to what is to act. Not thread-safe;
 * confined to the node's event loop.
 */
public final class NodeFaults {

  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long REPORT_NANOS = 500 * NANOS_PER_MILLI;

  /** In which order packets pass the faults of a link, whatever order they are heard of in. */
  private static final Comparator<NetworkFault> FIRST_BEGUN =
      Comparator.comparingLong(NetworkFault::startMillis)
          .thenComparing(fault -> fault.key().toString());

  /** What the faults need of the agent. */
  public record Surroundings(
      String node,
      FaultedLinks links,
      PodFaults pods,
      NodeActions actions,
      Clocks clocks,
      Consumer<FaultReport> reports) {}

  /**
   * The times that leases go by.
   *
   * @param nanoTime steady
   * @param epochMillis the wall clock
   * @param lastHeardNanos when a control plane was last heard, by the steady clock
   */
  public record Clocks(
      LongSupplier nanoTime, LongSupplier epochMillis, LongSupplier lastHeardNanos) {}

  /** A fault that is known, and what has become of it here. */
  private final class Entry {
    private NetworkFault fault;
    private long deadlineNanos;
    private final ActiveFault links;
    private final NodeEffects node;
    private final PodEffects pods;
    private boolean acting;
    private List<LinkReceipt> reported = List.of();

    Entry(NetworkFault fault, long now) {
      this.fault = fault;
      long startNanos =
          now - (around.clocks().epochMillis().getAsLong() - fault.startMillis()) * NANOS_PER_MILLI;
      links = new ActiveFault(around.node(), fault.key().toString(), startNanos, around.links());
      node = new NodeEffects(around.node(), around.actions());
      pods = new PodEffects(around.links());
      expect(fault, now);
    }

    private void expect(NetworkFault newest, long now) {
      fault = newest;
      deadlineNanos = Long.MAX_VALUE;
      if (newest.deadlineMillis() != Long.MAX_VALUE) {
        // Never longer than the fault is to last, whatever the two clocks say.
        long left = newest.deadlineMillis() - around.clocks().epochMillis().getAsLong();
        long whole = newest.deadlineMillis() - newest.startMillis();
        deadlineNanos = now + Math.max(0, Math.min(left, whole)) * NANOS_PER_MILLI;
      }
    }

    private boolean isDue(long now) {
      if (!fault.active()) {
        return false;
      }
      if (deadlineNanos != Long.MAX_VALUE) {
        return now - deadlineNanos < 0;
      }
      long silence = now - around.clocks().lastHeardNanos().getAsLong();
      return silence < fault.leaseMillis() * NANOS_PER_MILLI;
    }

    private void settle(long now) {
      boolean due = isDue(now);
      if (due) {
        acting = true;
        links.act(fault);
        node.act(fault, deadlineNanos == Long.MAX_VALUE ? Long.MAX_VALUE : deadlineNanos - now);
        pods.act(fault);
      } else if (acting) {
        end();
      }
    }

    private void end() {
      acting = false;
      links.end();
      node.end();
      pods.end();
    }

    private void report() {
      List<LinkReceipt> receipts = new ArrayList<>(links.receipts());
      receipts.addAll(node.receipts());
      receipts.addAll(pods.receipts());
      if (!receipts.equals(reported)) {
        reported = receipts;
        around.reports().accept(new FaultReport(fault.key(), fault.uid(), around.node(), receipts));
      }
    }
  }

  private final Surroundings around;
  private final Map<ObjectName, Entry> entries = new LinkedHashMap<>();
  private Set<String> failing = Set.of();
  private long reportedAt;

  public NodeFaults(Surroundings around) {
    this.around = around;
    this.reportedAt = around.clocks().nanoTime().getAsLong();
  }

  /** Takes the next step of the cluster's state. */
  public void apply(ClusterUpdate update) {
    long now = around.clocks().nanoTime().getAsLong();
    List<NetworkFault> faults = new ArrayList<>();
    if (update instanceof ClusterUpdate.Snapshot snapshot) {
      Set<ObjectName> kept = new HashSet<>();
      snapshot
          .objects()
          .forEach(object -> {
            if (object instanceof NetworkFault fault) {
              kept.add(fault.key());
              faults.add(fault);
            }
          });
      List.copyOf(entries.keySet()).stream()
          .filter(key -> !kept.contains(key))
          .forEach(this::remove);
    } else if (update instanceof ClusterUpdate.Delta delta) {
      for (ClusterUpdate.Change change : delta.changes()) {
        if (change instanceof ClusterUpdate.Upsert upsert
            && upsert.object() instanceof NetworkFault fault) {
          faults.add(fault);
        } else if (change instanceof ClusterUpdate.Removal removal
            && removal.kind() == ModelKind.NETWORK_FAULT) {
          remove(removal.key());
        }
      }
    }
    faults.sort(FIRST_BEGUN);
    faults.forEach(fault -> upsert(fault, now));
    settle(now);
  }

  private void upsert(NetworkFault fault, long now) {
    Entry entry = entries.get(fault.key());
    if (entry != null && !entry.fault.uid().equals(fault.uid())) {
      remove(fault.key());
      entry = null;
    }
    if (entry == null) {
      entries.put(fault.key(), new Entry(fault, now));
    } else if (entry.fault.deadlineMillis() == fault.deadlineMillis()) {
      entry.fault = fault;
    } else {
      entry.expect(fault, now);
    }
  }

  private void remove(ObjectName key) {
    Entry entry = entries.remove(key);
    if (entry != null && entry.acting) {
      entry.end();
    }
  }

  /** Ends what is due to end, begins what is due to begin, and reports; call it every 50 ms. */
  public void tick() {
    if (entries.isEmpty()) {
      return;
    }
    long now = around.clocks().nanoTime().getAsLong();
    settle(now);
    if (now - reportedAt >= REPORT_NANOS) {
      reportedAt = now;
      entries.values().forEach(Entry::report);
    }
  }

  /**
   * What a fault has decided of packets here, as long as its object is there; empty where it is not
   * known.
   *
   * @param last how many of each link
   */
  public List<LinkDecisions> decisions(ObjectName key, int last) {
    Entry entry = entries.get(key);
    return entry == null ? List.of() : entry.links.decisions(last);
  }

  private void settle(long now) {
    entries.values().forEach(entry -> entry.settle(now));
    Set<String> fail = new HashSet<>();
    entries.values().forEach(entry -> fail.addAll(entry.pods.failing()));
    if (!fail.equals(failing)) {
      failing = Set.copyOf(fail);
      around.pods().fail(failing);
    }
    entries.values().forEach(entry -> entry.pods.takeKills().forEach(around.pods()::kill));
  }
}
