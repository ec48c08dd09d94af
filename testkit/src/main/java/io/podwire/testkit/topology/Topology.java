package io.podwire.testkit.topology;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a cluster is to be: nodes, networks, and the objects that are in it from the start.
 *
 * <p>Immutable; every call gives another one. Two that are equal may share a cluster.
 *
 * @param nodes how many; their names are node-1, node-2 and so on
 * @param options further options of {@code podwire up} with their values
 * @param objects by {@code Kind namespace/name}
 * @param manifests files and texts, applied with the objects
 * @param startLimit how long the start may take until everything is Ready
 */
public record Topology(
    int nodes,
    Map<String, String> options,
    Map<String, ObjectNode> objects,
    List<Manifest> manifests,
    Duration startLimit) {

  private static final Duration START_LIMIT = Duration.ofSeconds(120);
  private static final int MAX_NODES = 200;
  private static final YAMLMapper YAML = new YAMLMapper();

  /** Checks the number of nodes, and keeps its own copies. */
  public Topology {
    if (nodes < 1 || nodes > MAX_NODES) {
      throw new IllegalArgumentException(
          "nodes = " + nodes + ": a cluster has 1 to " + MAX_NODES + " nodes");
    }
    options = Map.copyOf(new TreeMap<>(options));
    // The order in which they were named is the order in which they are made.
    objects = Collections.unmodifiableMap(new LinkedHashMap<>(objects));
    manifests = List.copyOf(manifests);
  }

  /** A cluster of so many nodes with nothing in it but its DNS. */
  public static Topology nodes(int nodes) {
    return new Topology(nodes, Map.of(), Map.of(), List.of(), START_LIMIT);
  }

  /** With these Pods. */
  public Topology pods(PodSpec... pods) {
    Topology result = this;
    for (PodSpec pod : pods) {
      result = result.object(pod.manifest());
    }
    return result;
  }

  /** With these Services. */
  public Topology services(ServiceSpec... services) {
    Topology result = this;
    for (ServiceSpec service : services) {
      result = result.object(service.manifest());
    }
    return result;
  }

  private Topology object(ObjectNode object) {
    String kind = object.path("kind").asText();
    String namespace = object.at("/metadata/namespace").asText();
    String name = kind + " " + namespace + "/" + object.at("/metadata/name").asText();
    Map<String, ObjectNode> more = new LinkedHashMap<>();
    if (!namespace.equals("default")) {
      more.put("Namespace " + namespace, namespace(namespace));
    }
    objects.forEach(more::putIfAbsent);
    if (more.put(name, object) != null) {
      throw new IllegalArgumentException(
          name + " is declared twice: give one of them another name or namespace");
    }
    return new Topology(nodes, options, more, manifests, startLimit);
  }

  private static ObjectNode namespace(String name) {
    ObjectNode namespace = JsonNodeFactory.instance.objectNode();
    namespace.put("apiVersion", "v1").put("kind", "Namespace");
    namespace.putObject("metadata").put("name", name);
    return namespace;
  }

  /** With the objects of a manifest. */
  public Topology manifest(Manifest manifest) {
    List<Manifest> more = new ArrayList<>(manifests);
    more.add(manifest);
    return new Topology(nodes, options, objects, more, startLimit);
  }

  /** With the objects of a manifest given as YAML. */
  public Topology manifest(String yaml) {
    return manifest(new Manifest("manifest", yaml));
  }

  /** With the objects of a manifest file. */
  public Topology manifest(Path file) {
    try {
      return manifest(new Manifest(file.toString(), Files.readString(file)));
    } catch (IOException failure) {
      throw new UncheckedIOException(
          "manifest " + file.toAbsolutePath() + " cannot be read", failure);
    }
  }

  /** With addresses of another family than IPv4, or of both. */
  public Topology ipFamily(IpFamily family) {
    return option("--ip-family", family.toString());
  }

  /** With Pods' addresses from this network instead of 10.244.0.0/16. */
  public Topology podNetwork(String cidr) {
    return option("--pod-cidr", cidr);
  }

  /** With Services' addresses from this network instead of 10.96.0.0/16. */
  public Topology serviceNetwork(String cidr) {
    return option("--service-cidr", cidr);
  }

  /** With nodes' addresses from this network instead of 172.30.0.0/24. */
  public Topology nodeNetwork(String cidr) {
    return option("--node-cidr", cidr);
  }

  private Topology option(String name, String value) {
    Map<String, String> more = new TreeMap<>(options);
    more.put(name, value);
    return new Topology(nodes, more, objects, manifests, startLimit);
  }

  /** With another limit for the start than two minutes. */
  public Topology startLimit(Duration limit) {
    return new Topology(nodes, options, objects, manifests, limit);
  }

  /** Everything that is to be applied: the objects as one manifest, then the others. */
  public List<Manifest> everything() {
    List<Manifest> everything = new ArrayList<>();
    if (!objects.isEmpty()) {
      StringBuilder text = new StringBuilder();
      objects.values().forEach(object -> text.append(yaml(object)));
      everything.add(new Manifest("topology.yaml", text.toString()));
    }
    everything.addAll(manifests);
    return everything;
  }

  /** One document, with the line that begins it. */
  private static String yaml(ObjectNode object) {
    try {
      return YAML.writeValueAsString(object);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
