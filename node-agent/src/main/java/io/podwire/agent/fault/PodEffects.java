package io.podwire.agent.fault;

import io.podwire.agent.tunnel.FaultedLinks;
import io.podwire.cluster.fault.LinkReceipt;
import io.podwire.cluster.fault.PodEffect;
import io.podwire.cluster.model.NetworkFault;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What one fault does to this node's Pods.
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
final class PodEffects {

  private final FaultedLinks links;
  private final Set<String> failing = new LinkedHashSet<>();
  private final Set<String> failed = new LinkedHashSet<>();
  private final Set<String> killed = new LinkedHashSet<>();
  private final List<String> kills = new ArrayList<>();

  PodEffects(FaultedLinks links) {
    this.links = links;
  }

  void act(NetworkFault fault) {
    if (fault.spec().pod() == PodEffect.POD_FAILURE) {
      fault.targets().stream()
          .filter(links::isAttached)
          .forEach(pod -> {
            failing.add(pod);
            failed.add(pod);
          });
    } else if (fault.spec().pod() == PodEffect.CONTAINER_KILL) {
      fault.targets().stream().filter(links::isAttached).filter(killed::add).forEach(kills::add);
    }
  }

  void end() {
    failing.clear();
  }

  Set<String> failing() {
    return failing;
  }

  /** The Pods whose programs are to be killed now; each is told once. */
  List<String> takeKills() {
    List<String> taken = List.copyOf(kills);
    kills.clear();
    return taken;
  }

  List<LinkReceipt> receipts() {
    List<LinkReceipt> receipts = new ArrayList<>();
    failed.forEach(
        pod -> receipts.add(LinkReceipt.once("Pod " + pod, "failed", !failing.contains(pod), "")));
    killed.forEach(pod -> receipts.add(LinkReceipt.once("Pod " + pod, "killed", true, "")));
    return receipts;
  }
}
