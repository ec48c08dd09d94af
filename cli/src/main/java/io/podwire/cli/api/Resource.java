package io.podwire.cli.api;

import io.podwire.cli.outcome.CommandFailure;
import io.podwire.cli.outcome.ExitCode;
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
      List.of("endpointslice", "endpointslices.discovery.k8s.io", "eps"));

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
    throw new CommandFailure(
        "KIND \"" + name + "\" is not known: use one of " + known, ExitCode.USAGE, null);
  }

  /** The name in URLs, such as {@code pods}. */
  public String plural() {
    return plural;
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
    return otherNames.getFirst();
  }

  /** As {@link #singular}, with the API group where it is not the core group. */
  public String qualifiedSingular() {
    return this == ENDPOINT_SLICE ? singular() + ".discovery.k8s.io" : singular();
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
