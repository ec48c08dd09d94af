package io.podwire.controlplane.kind;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The table of kinds. Adding a kind means one class of rules and one line here. Thread-safe. */
public final class KindTable {

  public static final Kind NAMESPACE = NamespaceRules.kind();
  public static final Kind NODE = NodeRules.kind();
  public static final Kind POD = PodRules.kind();
  public static final Kind SERVICE = ServiceRules.kind();
  public static final Kind ENDPOINT_SLICE = EndpointSliceRules.kind();
  public static final Kind ENDPOINTS = EndpointsRules.kind();
  public static final Kind NETWORK_FAULT = NetworkFaultRules.kind();
  public static final Kind NETWORK_CHAOS = NetworkChaosRules.kind();
  public static final Kind DNS_CHAOS = DnsChaosRules.kind();
  public static final Kind POD_CHAOS = PodChaosRules.kind();

  private static final List<Kind> KINDS =
      List.of(
          NAMESPACE,
          NODE,
          POD,
          SERVICE,
          ENDPOINT_SLICE,
          ENDPOINTS,
          NETWORK_FAULT,
          NETWORK_CHAOS,
          DNS_CHAOS,
          POD_CHAOS);

  private KindTable() {}

  public static List<Kind> kinds() {
    return KINDS;
  }

  /** The kind served at this place. */
  public static Optional<Kind> byPlural(String group, String version, String plural) {
    return KINDS.stream()
        .filter(kind ->
            kind.group().equals(group)
                && kind.version().equals(version)
                && kind.plural().equals(plural))
        .findFirst();
  }

  public static Optional<Kind> byName(String apiVersion, String name) {
    return KINDS.stream()
        .filter(kind -> kind.apiVersion().equals(apiVersion) && kind.name().equals(name))
        .findFirst();
  }

  public static Optional<Kind> byResource(String resource) {
    return KINDS.stream().filter(kind -> kind.resource().equals(resource)).findFirst();
  }

  /** Every group but the core one. */
  public static List<String> groups() {
    return List.copyOf(
        KINDS.stream()
            .map(Kind::group)
            .filter(group -> !group.isEmpty())
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  /** The version in which the kinds of a group are served: one for each group. */
  public static String version(String group) {
    return KINDS.stream()
        .filter(kind -> kind.group().equals(group))
        .map(Kind::version)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no group " + group));
  }

  /** The kinds of one group and version, by plural. */
  public static List<Kind> kinds(String group, String version) {
    return KINDS.stream()
        .filter(kind -> kind.group().equals(group) && kind.version().equals(version))
        .sorted(Comparator.comparing(Kind::plural))
        .toList();
  }

  /** The kind of a manifest; reports an unknown one with those that are known. */
  public static Optional<Kind> resolve(Field manifest, Problems problems) {
    Field apiVersion = manifest.at("apiVersion");
    Field name = manifest.at("kind");
    if (apiVersion.text() == null || name.text() == null) {
      for (Field field : List.of(apiVersion, name)) {
        if (field.text() == null) {
          problems.required(field, "write one of " + known());
        }
      }
      return Optional.empty();
    }
    Optional<Kind> kind = byName(apiVersion.textOr(""), name.textOr(""));
    if (kind.isEmpty()) {
      problems.add(Problem.Reason.UNKNOWN_KIND, name, unknown(apiVersion, name));
    }
    return kind;
  }

  private static String unknown(Field apiVersion, Field name) {
    String given = name.shown() + " in apiVersion " + apiVersion.shown() + " is not known; ";
    Optional<Kind> elsewhere =
        KINDS.stream().filter(kind -> kind.name().equals(name.text())).findFirst();
    if (elsewhere.isPresent()) {
      return given + "write apiVersion: " + elsewhere.get().apiVersion();
    }
    return given
        + Spelling.nearest(name.textOr(""), KINDS.stream().map(Kind::name).toList())
            .map(meant -> "did you mean " + meant + "? ")
            .orElse("")
        + "the known kinds are "
        + known();
  }

  private static String known() {
    return KINDS.stream()
        .map(kind -> kind.name() + " (" + kind.apiVersion() + ")")
        .collect(Collectors.joining(", "));
  }
}
