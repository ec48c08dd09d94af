package io.podwire.cluster.attach;

import io.podwire.cluster.model.Container;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Pod;
import io.podwire.cluster.model.PodPhase;
import io.podwire.cluster.model.PodSpec;
import io.podwire.cluster.model.Probe;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The Pod that a network namespace is to be.
 *
 * @param ports what its programs listen on
 * @param readiness tried from the node; null: ready as soon as it is attached; no command
 * @param hostname null where the Pod's name serves
 */
public record PodDescription(
    ObjectName key,
    Map<String, String> labels,
    List<Container.ContainerPort> ports,
    @Nullable Probe readiness,
    @Nullable String hostname) {

  /** Its programs are not ours to end, so there is nothing to wait for. */
  private static final int GRACE_SECONDS = 1;

  public PodDescription {
    labels = Map.copyOf(labels);
    ports = List.copyOf(ports);
    if (readiness != null && readiness.action() instanceof Probe.Exec) {
      throw new IllegalArgumentException(
          "readiness: a command cannot be run in an attached Pod; try a port with tcp or http");
    }
  }

  /** A Pod of this description on a node, which nothing runs yet. */
  public Pod on(String node) {
    Container container =
        new Container(
            PodSpec.ATTACHED_CONTAINER,
            PodSpec.ATTACHED_IMAGE,
            List.of(),
            List.of(),
            Map.of(),
            "",
            ports,
            readiness);
    PodSpec spec =
        new PodSpec(
            List.of(container), PodSpec.RestartPolicy.ALWAYS, Map.of(), hostname, null, false);
    return new Pod(
        key, "", labels, node, spec, PodPhase.PENDING, List.of(), false, false, GRACE_SECONDS);
  }
}
