package io.podwire.controlplane.kind;

import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.NodeSpec;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.podwire.cluster.model.Node;
import io.podwire.cluster.model.ProxyChoice;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A Node's manifest as the record with its tunnel endpoint. */
final class NodeReader {

  private NodeReader() {}

  static Node read(io.fabric8.kubernetes.api.model.Node node) {
    NodeSpec spec = node.getSpec() == null ? new NodeSpec() : node.getSpec();
    NodeStatus status = node.getStatus() == null ? new NodeStatus() : node.getStatus();
    Map<String, String> annotations = ModelReader.orEmpty(node.getMetadata().getAnnotations());
    List<String> cidrs =
        spec.getPodCIDRs().isEmpty() && spec.getPodCIDR() != null
            ? List.of(spec.getPodCIDR())
            : spec.getPodCIDRs();
    String mac = annotations.get(NodeAnnotations.VTEP_MAC);
    return new Node(
        node.getMetadata().getName(),
        internalIp(status),
        mac == null || mac.isEmpty() ? null : MacAddress.parse(mac),
        number(annotations.get(NodeAnnotations.VXLAN_PORT), NodeAnnotations.DEFAULT_VXLAN_PORT),
        number(annotations.get(NodeAnnotations.AGENT_PORT), 0),
        cidrs.stream().map(Cidr::parse).toList(),
        isTrue(status.getConditions(), "Ready"),
        Boolean.TRUE.equals(spec.getUnschedulable()),
        ModelReader.orEmpty(node.getMetadata().getLabels()),
        proxy(annotations.get(NodeAnnotations.PROXY_MODE)));
  }

  private static @Nullable ProxyChoice proxy(@Nullable String text) {
    try {
      return text == null || text.isEmpty() ? null : ProxyChoice.parse(text);
    } catch (IllegalArgumentException stored) {
      // Written before it was checked: as if it were not there.
      return null;
    }
  }

  private static @Nullable IpAddress internalIp(NodeStatus status) {
    return status.getAddresses().stream()
        .filter(address -> "InternalIP".equals(address.getType()))
        .map(address -> IpAddress.tryParse(address.getAddress()))
        .flatMap(Optional::stream)
        .findFirst()
        .orElse(null);
  }

  private static boolean isTrue(List<NodeCondition> conditions, String type) {
    return conditions.stream()
        .anyMatch(c -> type.equals(c.getType()) && "True".equals(c.getStatus()));
  }

  private static int number(@Nullable String text, int fallback) {
    return text == null || !text.matches("[0-9]{1,5}") ? fallback : Integer.parseInt(text);
  }
}
