package io.podwire.controlplane.kind;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.podwire.cluster.model.EndpointSlice;
import io.podwire.cluster.model.ModelObject;
import io.podwire.cluster.model.Namespace;
import io.podwire.cluster.model.Node;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Pod;
import io.podwire.cluster.model.PortRef;
import io.podwire.cluster.model.Protocol;
import io.podwire.cluster.model.Service;
import io.podwire.cluster.store.StoredObject;
import io.podwire.packet.addr.IpAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads stored manifests as model records, with Kubernetes' defaults where a field is absent.
 *
 * <p>Lenient: an address that does not parse is left out, since the API refuses it before it is
 * stored. Thread-safe.
 */
public final class ModelReader {

  /** The label that ties an EndpointSlice to its Service. */
  public static final String SERVICE_NAME_LABEL = "kubernetes.io/service-name";

  private ModelReader() {}

  /** Whatever kind it is; empty for resources that agents and DNS servers are not told about. */
  public static Optional<ModelObject> read(StoredObject stored) {
    return switch (stored.key().resource()) {
      case "namespaces" -> Optional.of(namespace(stored));
      case "nodes" -> Optional.of(node(stored));
      case "pods" -> Optional.of(pod(stored));
      case "services" -> Optional.of(service(stored));
      case "endpointslices.discovery.k8s.io" -> Optional.of(endpointSlice(stored));
      case "networkfaults.podwire.io",
          "networkchaos.chaos-mesh.org",
          "dnschaos.chaos-mesh.org",
          "podchaos.chaos-mesh.org" ->
          Optional.of(FaultReader.fault(stored));
      default -> Optional.empty();
    };
  }

  public static Namespace namespace(StoredObject stored) {
    ObjectMeta metadata =
        typed(stored, io.fabric8.kubernetes.api.model.Namespace.class).getMetadata();
    return new Namespace(stored.key().name(), orEmpty(metadata.getLabels()));
  }

  public static Node node(StoredObject stored) {
    return NodeReader.read(typed(stored, io.fabric8.kubernetes.api.model.Node.class));
  }

  public static Pod pod(StoredObject stored) {
    return PodReader.read(typed(stored, io.fabric8.kubernetes.api.model.Pod.class));
  }

  public static Service service(StoredObject stored) {
    return ServiceReader.read(typed(stored, io.fabric8.kubernetes.api.model.Service.class));
  }

  public static EndpointSlice endpointSlice(StoredObject stored) {
    return EndpointSliceReader.read(
        typed(stored, io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice.class));
  }

  private static <T> T typed(StoredObject stored, Class<T> type) {
    return ManifestJson.convert(ManifestJson.read(stored), type);
  }

  static ObjectName name(ObjectMeta metadata) {
    return new ObjectName(or(metadata.getNamespace(), ""), metadata.getName());
  }

  static PortRef portRef(IntOrString value) {
    return value.getIntVal() != null
        ? new PortRef.Number(value.getIntVal())
        : new PortRef.Named(or(value.getStrVal(), ""));
  }

  static Protocol protocol(@Nullable String text) {
    return text == null ? Protocol.TCP : Protocol.valueOf(text.toUpperCase(Locale.ROOT));
  }

  static List<IpAddress> addresses(List<String> texts) {
    return texts.stream().map(IpAddress::tryParse).flatMap(Optional::stream).toList();
  }

  static <T> T or(@Nullable T value, T fallback) {
    return value == null ? fallback : value;
  }

  static <T> List<T> orEmpty(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }

  static Map<String, String> orEmpty(@Nullable Map<String, String> map) {
    return map == null ? Map.of() : map;
  }
}
