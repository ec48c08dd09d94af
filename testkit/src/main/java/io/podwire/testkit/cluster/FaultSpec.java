package io.podwire.testkit.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * A NetworkFault to be made: what is done, to whose traffic. docs/faults.md has all fields.
 *
 * <p>Immutable; every call gives another one. {@link #from} is required but for {@link #dns}.
 */
public final class FaultSpec {
  private static final YAMLMapper YAML = new YAMLMapper();

  private final ObjectNode spec;

  private FaultSpec(ObjectNode spec) {
    this.spec = spec;
  }

  /** Any fields of a NetworkFault's spec as YAML, such as {@code loss: {nth: {every: 10}}}. */
  public static FaultSpec of(String yaml) {
    try {
      if (YAML.readTree(yaml) instanceof ObjectNode fields) {
        return new FaultSpec(fields);
      }
      throw new IllegalArgumentException("no fields of a NetworkFault's spec: " + yaml);
    } catch (JsonProcessingException malformed) {
      throw new IllegalArgumentException(
          "no YAML (" + malformed.getOriginalMessage() + "): " + yaml, malformed);
    }
  }

  /** Everything is lost, both ways. */
  public static FaultSpec partition() {
    return of("partition: {}");
  }

  /** Packets are late by that much, one way. */
  public static FaultSpec delay(Duration latency) {
    return of("delay: {latency: " + text(latency) + "}");
  }

  /** Packets are late by the latency and up to that much more or less, one way. */
  public static FaultSpec delay(Duration latency, Duration jitter) {
    return of("delay: {latency: " + text(latency) + ", jitter: " + text(jitter) + "}");
  }

  /** So much of a hundred packets is lost, each by lot. */
  public static FaultSpec loss(double percent) {
    return of("loss: {percent: " + percent + "%}");
  }

  /** The link carries no more than that, such as {@code 1mbit}. */
  public static FaultSpec rate(String rate) {
    return of("rate: {rate: " + rate + "}");
  }

  /**
   * Queries for these names are answered wrongly.
   *
   * @param action such as {@code drop}, {@code nxdomain} or {@code servfail}
   * @param patterns names; {@code *} at the end is any rest; none is every name
   */
  public static FaultSpec dns(String action, String... patterns) {
    FaultSpec spec = of("dns: {action: " + action + "}");
    return patterns.length == 0
        ? spec
        : spec.with(each -> {
          var list = each.withObject("/dns").putArray("patterns");
          for (String pattern : patterns) {
            list.add(pattern);
          }
        });
  }

  /** Together with the effects of another one. */
  public FaultSpec and(FaultSpec other) {
    return with(each -> each.setAll(other.spec));
  }

  /** The traffic of these Pods. */
  public FaultSpec from(Pod... pods) {
    return with(each -> select(each.putObject("selector"), pods));
  }

  /** The traffic of the Pods with this label, in the namespace {@code default}. */
  public FaultSpec from(String label, String value) {
    return with(each -> each.putObject("selector").putObject("labelSelectors").put(label, value));
  }

  /** What these nodes exchange with other nodes. */
  public FaultSpec from(Node... nodes) {
    return with(each -> {
      each.put("links", "Nodes");
      var names = each.putObject("selector").putArray("nodes");
      for (Node node : nodes) {
        names.add(node.name());
      }
    });
  }

  /** Only what has these Pods at its other end. */
  public FaultSpec to(Pod... pods) {
    return with(each -> select(each.putObject("target").putObject("selector"), pods));
  }

  /** Only what has the Pods behind this Service at its other end. */
  public FaultSpec to(Service service) {
    String name = service.key().namespace() + "/" + service.key().name();
    return with(
        each -> each.putObject("target").putObject("selector").putArray("services").add(name));
  }

  /** {@code to}, {@code from} or {@code both}, seen from whose traffic it is. */
  public FaultSpec direction(String direction) {
    return with(each -> each.put("direction", direction));
  }

  /** Only {@code tcp}, {@code udp}, {@code icmp} or {@code sctp}. */
  public FaultSpec protocol(String protocol) {
    return with(each -> each.put("protocol", protocol));
  }

  /** Only what has this port at either end. */
  public FaultSpec port(int port) {
    return with(each -> each.withArray("/ports").add(Integer.toString(port)));
  }

  /** The same seed and the same packets take the same decisions. */
  public FaultSpec seed(long seed) {
    return with(each -> each.put("seed", seed));
  }

  /** It ends by itself after that time. */
  public FaultSpec duration(Duration duration) {
    return with(each -> each.put("duration", text(duration)));
  }

  private FaultSpec with(Consumer<ObjectNode> change) {
    ObjectNode copy = spec.deepCopy();
    change.accept(copy);
    return new FaultSpec(copy);
  }

  private static void select(ObjectNode selector, Pod... pods) {
    ObjectNode names = selector.putObject("pods");
    for (Pod pod : pods) {
      names.withArray("/" + pod.key().namespace()).add(pod.key().name());
    }
  }

  private static String text(Duration duration) {
    return duration.toNanos() + "ns";
  }

  /** The whole object. */
  JsonNode manifest(String namespace, String name) {
    ObjectNode manifest = JsonNodeFactory.instance.objectNode();
    manifest.put("apiVersion", "podwire.io/v1alpha1").put("kind", "NetworkFault");
    manifest.putObject("metadata").put("name", name).put("namespace", namespace);
    manifest.set("spec", spec);
    return manifest;
  }

  @Override
  public String toString() {
    return spec.toString();
  }
}
