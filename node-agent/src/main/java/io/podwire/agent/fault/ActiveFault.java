package io.podwire.agent.fault;

import io.podwire.agent.tunnel.FaultedLinks;
import io.podwire.cluster.fault.FaultLink;
import io.podwire.cluster.fault.LinkReceipt;
import io.podwire.cluster.fault.PacketEffect;
import io.podwire.cluster.fault.ReceiptTotal;
import io.podwire.cluster.model.NetworkFault;
import io.podwire.netstack.impair.DecisionLog;
import io.podwire.netstack.impair.LinkFault;
import io.podwire.netstack.impair.Pipeline;
import io.podwire.netstack.impair.RunningFault;
import io.podwire.netstack.impair.stream.RunningStreamFault;
import io.podwire.netstack.impair.stream.StreamFault;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One fault at work on this node's links, with what it has done on those that it has left.
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
final class ActiveFault {

  private final String node;
  private final String id;
  private final long startNanos;
  private final FaultedLinks links;
  private final Map<FaultLink, RunningFault> running = new LinkedHashMap<>();

  /** Of each link that it acts on or has acted on, some tens of kilobytes. */
  private final Map<FaultLink, DecisionLog> decisions = new LinkedHashMap<>();

  private final Map<String, LinkReceipt> left = new LinkedHashMap<>();
  private final Map<FaultLink, RunningStreamFault> streams = new LinkedHashMap<>();
  private final Set<String> carriers = new LinkedHashSet<>();
  private final Set<String> downBefore = new LinkedHashSet<>();

  /**
   * @param startNanos when the fault began, by {@link System#nanoTime}
   */
  ActiveFault(String node, String id, long startNanos, FaultedLinks links) {
    this.node = node;
    this.id = id;
    this.startNanos = startNanos;
    this.links = links;
  }

  /** Acts on the links that the fault names now, and on no others. */
  void act(NetworkFault fault) {
    Set<FaultLink> wanted = new LinkedHashSet<>();
    Optional<Pipeline> pipeline = Impairments.pipeline(fault.spec().packets());
    boolean down =
        fault.spec().packets().stream().anyMatch(PacketEffect.InterfaceDown.class::isInstance);
    Set<String> downPods = new LinkedHashSet<>();
    for (FaultLink link : fault.links()) {
      if (link.node().equals(node)) {
        if (pipeline.isPresent()) {
          wanted.add(link);
        }
        if (down && !link.pod().isEmpty()) {
          downPods.add(link.pod());
        }
      }
    }
    List.copyOf(running.keySet()).stream()
        .filter(link -> !wanted.contains(link))
        .forEach(this::leave);
    pipeline.ifPresent(effects -> wanted.forEach(link -> enter(link, effects, fault)));
    actOnStreams(fault);
    setCarriers(downPods);
  }

  /** A connection has both directions wherever it is seen: one of them stands for the link. */
  private void actOnStreams(NetworkFault fault) {
    Map<String, FaultLink> wanted = new LinkedHashMap<>();
    if (!fault.spec().toxics().isEmpty()) {
      fault.links().stream()
          .filter(link -> link.node().equals(node))
          .forEach(link -> wanted.putIfAbsent(link.pod() + " " + link.filter(), link));
    }
    List.copyOf(streams.keySet()).stream()
        .filter(link -> !wanted.containsValue(link))
        .forEach(this::leaveStreams);
    for (FaultLink link : wanted.values()) {
      if (!streams.containsKey(link)) {
        StreamFault streamFault =
            new StreamFault(
                idOn(link),
                Impairments.filter(link.filter()),
                fault.spec().seed(),
                Impairments.toxics(fault.spec().toxics()));
        streams.put(link, links.put(link.pod(), streamFault));
      }
    }
  }

  private void leaveStreams(FaultLink link) {
    RunningStreamFault ended = streams.remove(link);
    links.removeStream(link.pod(), idOn(link));
    if (ended != null) {
      add(left, Receipts.of(link, ended, true));
    }
  }

  private void enter(FaultLink link, Pipeline pipeline, NetworkFault fault) {
    if (!running.containsKey(link)) {
      LinkFault linkFault =
          new LinkFault(
              idOn(link),
              Impairments.filter(link.filter()),
              Impairments.direction(link.direction()),
              link.name(),
              fault.spec().seed(),
              startNanos,
              pipeline);
      RunningFault begun =
          links.put(link.pod(), Impairments.direction(link.direction()), linkFault);
      running.put(link, begun);
      decisions.put(link, begun.decisions());
    }
  }

  /** Two filters of one fault may concern one link: each is one fault there. */
  private String idOn(FaultLink link) {
    return id + " " + link.filter();
  }

  private void leave(FaultLink link) {
    RunningFault ended = running.remove(link);
    links.remove(link.pod(), Impairments.direction(link.direction()), idOn(link));
    if (ended != null) {
      add(left, Receipts.of(link, ended, true));
    }
  }

  private void setCarriers(Set<String> down) {
    carriers.stream()
        .filter(pod -> !down.contains(pod))
        .forEach(pod -> links.setCarrier(pod, true));
    down.stream()
        .filter(pod -> !carriers.contains(pod))
        .forEach(pod -> links.setCarrier(pod, false));
    carriers.clear();
    carriers.addAll(down);
    downBefore.addAll(down);
  }

  /** Acts no more. */
  void end() {
    List.copyOf(running.keySet()).forEach(this::leave);
    List.copyOf(streams.keySet()).forEach(this::leaveStreams);
    setCarriers(Set.of());
  }

  /** One for each direction of each link. */
  List<LinkReceipt> receipts() {
    Map<String, LinkReceipt> receipts = new LinkedHashMap<>(left);
    running.forEach((link, fault) -> add(receipts, Receipts.of(link, fault, false)));
    streams.forEach((link, fault) -> add(receipts, Receipts.of(link, fault, false)));
    downBefore.forEach(pod ->
        add(
            receipts,
            LinkReceipt.once("Pod " + pod, "interfaceDown", !carriers.contains(pod), "")));
    return List.copyOf(receipts.values());
  }

  /** So many of the last decisions on each link, those that it has left included. */
  List<LinkDecisions> decisions(int last) {
    return decisions.entrySet().stream()
        .map(entry ->
            new LinkDecisions(
                entry.getKey().name(),
                entry.getKey().direction(),
                entry.getValue().count(),
                entry.getValue().hash(),
                entry.getValue().last(last)))
        .toList();
  }

  private static void add(Map<String, LinkReceipt> receipts, LinkReceipt receipt) {
    receipts.merge(
        receipt.link() + " " + receipt.direction(),
        receipt,
        (before, more) -> ReceiptTotal.of(List.of(before, more)));
  }
}
