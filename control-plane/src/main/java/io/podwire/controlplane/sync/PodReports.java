package io.podwire.controlplane.sync;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cluster.model.PodStatus;
import io.podwire.cluster.store.ResourceKey;
import io.podwire.cluster.store.Store;
import io.podwire.controlplane.kind.KindTable;
import io.podwire.controlplane.kind.Manifests;
import io.podwire.controlplane.manifest.Conditions;
import io.podwire.controlplane.manifest.ManifestEditor;
import java.time.InstantSource;

/**
 * Writes agents' reports into the Pods' {@code status}, and removes terminating Pods that are gone.
 *
 * <p>A report of a Pod that is not the node's own, or of an earlier one of its name, changes
 * nothing. Thread-safe.
 */
final class PodReports {

  private final ManifestEditor editor;

  PodReports(Store store, InstantSource clock) {
    this.editor = new ManifestEditor(store, clock);
  }

  /**
   * @param node whose agent reports
   * @param hostIp the node's address
   */
  void write(String node, String hostIp, PodStatus report) {
    ResourceKey key = KindTable.POD.key(report.key().namespace(), report.key().name());
    if (report.gone()) {
      remove(key, node, report);
    } else {
      editor.edit(
          key,
          pod -> {
            if (concerns(pod, node, report)) {
              describe(pod, hostIp, report);
            }
          });
    }
  }

  private void remove(ResourceKey key, String node, PodStatus report) {
    boolean[] gone = new boolean[1];
    editor.edit(
        key,
        pod ->
            gone[0] =
                concerns(pod, node, report)
                    && pod.path("metadata").hasNonNull("deletionTimestamp"));
    if (gone[0]) {
      editor.delete(key);
    }
  }

  private static boolean concerns(ObjectNode pod, String node, PodStatus report) {
    return pod.path("spec").path("nodeName").asText().equals(node)
        && pod.path("metadata").path("uid").asText().equals(report.uid());
  }

  private void describe(ObjectNode pod, String hostIp, PodStatus report) {
    String now = editor.timestamp();
    ObjectNode status = Manifests.child(pod, "status");
    status.put("phase", report.phase().text());
    putOrRemove(status, "reason", report.reason());
    putOrRemove(status, "message", report.message());
    status.put("hostIP", hostIp);
    if (!status.hasNonNull("startTime")) {
      status.put("startTime", now);
    }
    if (report.podIps().isEmpty()) {
      status.remove("podIP");
      status.remove("podIPs");
    } else {
      status.put("podIP", report.podIps().get(0).toString());
      ArrayNode addresses = status.putArray("podIPs");
      report.podIps().forEach(ip -> addresses.addObject().put("ip", ip.toString()));
    }
    String ready = report.ready() ? "True" : "False";
    String why = report.phase().isFinal() ? "PodCompleted" : "ContainersNotReady";
    why = report.ready() ? "" : why;
    Conditions.set(pod, "Initialized", "True", "", "", now);
    Conditions.set(pod, "PodScheduled", "True", "", "", now);
    Conditions.set(pod, "ContainersReady", ready, why, "", now);
    Conditions.set(pod, "Ready", ready, why, "", now);
    ContainerStates.describe(pod, report, now);
  }

  private static void putOrRemove(ObjectNode status, String field, String text) {
    if (text.isEmpty()) {
      status.remove(field);
    } else {
      status.put(field, text);
    }
  }
}
