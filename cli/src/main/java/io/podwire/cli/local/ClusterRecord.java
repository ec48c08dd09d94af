package io.podwire.cli.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the state folder says of a cluster.
 *
 * @param phase how far it is
 * @param started when {@code up} began, RFC 3339
 * @param nodes the nodes' names
 * @param outside whether a resolver runs outside the cluster
 */
public record ClusterRecord(Phase phase, String started, List<String> nodes, boolean outside) {
  private static final JsonMapper JSON = new JsonMapper();

  /** How far a cluster is. */
  public enum Phase {
    /** {@code up} is at work, or was when it died. */
    STARTING,
    /** Everything was Ready once. */
    RUNNING
  }

  /** Keeps its own copy of the names. */
  public ClusterRecord {
    nodes = List.copyOf(nodes);
  }

  /** Reads it; empty where the cluster was never started. */
  public static Optional<ClusterRecord> read(Path file) {
    try {
      JsonNode json = JSON.readTree(Files.readString(file));
      List<String> nodes = new ArrayList<>();
      json.path("nodes").forEach(node -> nodes.add(node.asText()));
      return Optional.of(
          new ClusterRecord(
              Phase.valueOf(json.path("phase").asText()),
              json.path("started").asText(),
              nodes,
              json.path("outside").asBoolean()));
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    } catch (IllegalArgumentException | JsonProcessingException torn) {
      return Optional.of(new ClusterRecord(Phase.STARTING, "", List.of(), false));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Writes it as a whole: a reader sees the old one or the new one. */
  public void write(Path file) {
    ObjectNode json = JSON.createObjectNode();
    json.put("phase", phase.name()).put("started", started).put("outside", outside);
    nodes.forEach(json.putArray("nodes")::add);
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.writeString(draft, json.toPrettyString() + "\n");
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The same cluster, further on. */
  public ClusterRecord with(Phase next) {
    return new ClusterRecord(next, started, nodes, outside);
  }

  /** The supervised programs' names, in the order of their start. */
  public List<String> daemons() {
    List<String> names = new ArrayList<>();
    names.add(Daemon.CONTROL_PLANE);
    names.addAll(nodes);
    if (outside) {
      names.add(Daemon.OUTSIDE_DNS);
    }
    return names;
  }
}
