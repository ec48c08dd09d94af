package io.podwire.cluster.model;

import io.podwire.cluster.fault.FaultSpec;
import io.podwire.cluster.fault.PartitionShape;
import io.podwire.cluster.fault.TrafficFilter;
import io.podwire.packet.addr.Cidr;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A fault as its manifest asks for it, before anything is chosen.
 *
 * @param key as {@link NetworkFault#key}
 * @param links whether the links of Pods or the uplinks of nodes are meant
 * @param direction of the packets, seen from what {@code selector} chooses
 * @param target the other end of the traffic; null where that is anything
 * @param external addresses outside of the target that are its other end too
 * @param shape how what is chosen is parted; null where it is not, or by {@code target}
 * @param filter ports and protocol, local being what {@code selector} chooses; its peers are empty
 * @param duration zero where the fault has none: its holder or the control plane keeps it then
 * @param leaseMillis how long it goes on after the last heartbeat
 * @param heartbeatMillis the holder's last heartbeat since the epoch; 0 where the control plane
 *     holds it
 */
public record FaultRequest(
    ObjectName key,
    String uid,
    FaultSpec spec,
    Links links,
    Direction direction,
    Choice selector,
    @Nullable Choice target,
    List<Cidr> external,
    @Nullable PartitionShape shape,
    TrafficFilter filter,
    Duration duration,
    long leaseMillis,
    long heartbeatMillis) {

  public FaultRequest {
    external = List.copyOf(external);
  }

  /** Whose links. */
  public enum Links {
    PODS,
    NODES
  }

  /** Chaos Mesh's {@code direction}. */
  public enum Direction {
    TO,
    FROM,
    BOTH
  }

  /**
   * Which Pods or nodes; what several members say has to hold together, and an empty member says
   * nothing.
   *
   * @param namespaces of Pods
   * @param pods names by namespace
   * @param nodes names: of the nodes themselves, or of those that the Pods run on
   * @param nodeLabels of these nodes
   * @param labels of the Pods
   * @param expressions on the Pods' labels
   * @param services whose endpoints the Pods are, {@code name} in the fault's namespace or {@code
   *     namespace/name}; their ClusterIPs are meant too where they are the other end
   * @param phases of Pods, such as {@code Running}
   * @param mode how many of those that match
   * @param value the number or percentage of a mode that has one
   */
  public record Choice(
      List<String> namespaces,
      Map<String, List<String>> pods,
      List<String> nodes,
      Map<String, String> nodeLabels,
      Map<String, String> labels,
      List<Expression> expressions,
      List<String> services,
      List<String> phases,
      Mode mode,
      int value) {

    public Choice {
      namespaces = List.copyOf(namespaces);
      pods = Map.copyOf(pods);
      nodes = List.copyOf(nodes);
      nodeLabels = Map.copyOf(nodeLabels);
      labels = Map.copyOf(labels);
      expressions = List.copyOf(expressions);
      services = List.copyOf(services);
      phases = List.copyOf(phases);
    }
  }

  /** A requirement on labels, as in Kubernetes' {@code matchExpressions}. */
  public record Expression(String key, Operator operator, List<String> values) {
    public Expression {
      values = List.copyOf(values);
    }
  }

  /** Kubernetes' operators. */
  public enum Operator {
    IN,
    NOT_IN,
    EXISTS,
    DOES_NOT_EXIST
  }

  /** Chaos Mesh's {@code mode}. */
  public enum Mode {
    ALL,
    ONE,
    FIXED,
    FIXED_PERCENT,
    RANDOM_MAX_PERCENT
  }
}
