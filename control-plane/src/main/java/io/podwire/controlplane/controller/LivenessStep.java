package io.podwire.controlplane.controller;

import io.podwire.cluster.model.Node;
import io.podwire.cluster.reconcile.NodeLiveness;
import io.podwire.controlplane.kind.KindTable;
import io.podwire.controlplane.manifest.Conditions;
import io.podwire.controlplane.manifest.ManifestEditor;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Keeps the nodes' Ready condition by their agents' sessions. Nodes without an agent, which were
 * written by hand, say themselves whether they are Ready.
 */
final class LivenessStep implements Step {

  private final ManifestEditor editor;
  private final NodeLiveness liveness;
  private final Supplier<Set<String>> live;
  private final LongSupplier nanoTime;

  LivenessStep(
      ManifestEditor editor, Duration grace, Supplier<Set<String>> live, LongSupplier nanoTime) {
    this.editor = editor;
    this.liveness = new NodeLiveness(grace);
    this.live = live;
    this.nanoTime = nanoTime;
  }

  @Override
  public void reconcile(Observation observation) {
    List<Node> agents =
        observation.allNodes().stream().filter(node -> node.agentPort() != 0).toList();
    liveness
        .changes(agents, live.get(), nanoTime.getAsLong())
        .forEach((node, ready) -> write(node, ready));
  }

  private void write(String name, boolean ready) {
    editor.edit(
        KindTable.NODE.key("", name),
        node -> {
          String now = editor.timestamp();
          if (ready) {
            Conditions.set(node, "Ready", "True", "AgentReady", "the agent is connected", now);
          } else {
            Conditions.set(
                node,
                "Ready",
                "Unknown",
                "NodeStatusUnknown",
                "no control plane has heard of the agent for a while",
                now);
          }
        });
  }
}
