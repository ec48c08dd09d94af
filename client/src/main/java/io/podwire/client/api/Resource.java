package io.podwire.client.api;

import io.podwire.client.failure.InvalidArgument;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The kinds that the command can name, and where the API serves them. */
public enum Resource {
  POD("/api/v1", "pods", "Pod", true, List.of("pod", "po")),
  SERVICE("/api/v1", "services", "Service", true, List.of("service", "svc")),
  NODE("/api/v1", "nodes", "Node", false, List.of("node", "no")),
  NAMESPACE("/api/v1", "namespaces", "Namespace", false, List.of("namespace", "ns")),
  ENDPOINT_SLICE(
      "/apis/discovery.k8s.io/v1",
      "endpointslices",
      "EndpointSlice",
      true,
      List.of("endpointslice", "endpointslices.discovery.k8s.io", "eps")),
  ENDPOINTS("/api/v1", "endpoints", "Endpoints", true, List.of("ep")),
  NETWORK_FAULT(
      "/apis/podwire.io/v1alpha1",
      "networkfaults",
      "NetworkFault",
      true,
      List.of("networkfault", "networkfaults.podwire.io", "nf")),
  NETWORK_CHAOS(
      "/apis/chaos-mesh.org/v1alpha1",
      "networkchaos",
      "NetworkChaos",
      true,
      List.of("networkchaos", "networkchaos.chaos-mesh.org")),
  DNS_CHAOS(
      "/apis/chaos-mesh.org/v1alpha1",
      "dnschaos",
      "DNSChaos",
      true,
      List.of("dnschaos", "dnschaos.chaos-mesh.org")),
  POD_CHAOS(
      "/apis/chaos-mesh.org/v1alpha1",
      "podchaos",
      "PodChaos",
      true,
      List.of("podchaos", "podchaos.chaos-mesh.org"));

  /** The kinds of faults. */
  public static final List<Resource> FAULTS =
      List.of(NETWORK_FAULT, NETWORK_CHAOS, DNS_CHAOS, POD_CHAOS);

  private static final String GROUPS = "/apis/";

  private final String root;
  private final String plural;
  private final String kind;
  private final boolean namespaced;
  private final List<String> otherNames;

  Resource(String root, String plural, String kind, boolean namespaced, List<String> otherNames) {
    this.root = root;
    this.plural = plural;
    this.kind = kind;
    this.namespaced = namespaced;
    this.otherNames = otherNames;
  }

  /** Finds a kind by any of its names: plural, singular or short, in any case. */
  public static Resource named(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    for (Resource resource : values()) {
      if (resource.plural.equals(lower) || resource.otherNames.contains(lower)) {
        return resource;
      }
    }
    String known = Arrays.stream(values()).map(Resource::plural).collect(Collectors.joining(", "));
    throw new InvalidArgument("KIND \"" + name + "\" is not known: use one of " + known, null);
  }

  /** The name in URLs, such as {@code pods}. */
  public String plural() {
    return plural;
  }

  /** In manifests, such as {@code v1} or {@code discovery.k8s.io/v1}. */
  public String apiVersion() {
    return root.startsWith(GROUPS) ? root.substring(GROUPS.length()) : "v1";
  }

  /** The name in manifests, such as {@code Pod}. */
  public String kind() {
    return kind;
  }

  /** Whether objects of this kind live in a namespace. */
  public boolean namespaced() {
    return namespaced;
  }

  /** The name of one object of the kind, such as {@code pod}. */
  public String singular() {
    return otherNames.get(0);
  }

  /** As {@link #singular}, with the API group where it is not the core group. */
  public String qualifiedSingular() {
    return root.startsWith(GROUPS)
        ? singular() + "." + root.substring(GROUPS.length(), root.lastIndexOf('/'))
        : singular();
  }

  /** The path of the list in a namespace, or of all namespaces where it is null. */
  public String listPath(@Nullable String namespace) {
    return namespaced && namespace != null
        ? root + "/namespaces/" + encode(namespace) + "/" + plural
        : root + "/" + plural;
  }

  /** The path of one object. */
  public String objectPath(String namespace, String name) {
    return listPath(namespace) + "/" + encode(name);
  }

  /** Percent-encodes a query value or path segment. */
  public static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
