package io.podwire.cluster.model;

import io.podwire.packet.addr.IpAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Kubernetes Pod: what a node runs and where its addresses are.
 *
 * @param uid distinguishes a recreated Pod of the same name
 * @param nodeName null until scheduled
 * @param podIps none until the node has attached it; at most one per family
 * @param ready the Ready condition
 * @param terminating whether a deletion timestamp is set
 * @param gracePeriodSeconds between SIGTERM and SIGKILL
 */
public record Pod(
    ObjectName key,
    String uid,
    Map<String, String> labels,
    @Nullable String nodeName,
    PodSpec spec,
    PodPhase phase,
    List<IpAddress> podIps,
    boolean ready,
    boolean terminating,
    int gracePeriodSeconds)
    implements ModelObject {

  public Pod {
    labels = Map.copyOf(labels);
    podIps = List.copyOf(podIps);
  }

  @Override
  public ModelKind kind() {
    return ModelKind.POD;
  }
}
