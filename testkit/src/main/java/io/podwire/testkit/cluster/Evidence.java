package io.podwire.testkit.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.podwire.client.api.Resource;
import io.podwire.client.failure.ClientFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** Writes down the state of a cluster for who looks at a failed test. */
record Evidence(Cluster cluster, ClusterPrograms programs) {
  private static final YAMLMapper YAML = new YAMLMapper();

  /** Writes what there is; what cannot be had is said in its place. */
  void write(Path folder) {
    try {
      Files.createDirectories(folder);
      programs.copyLogs(folder.resolve("logs"), folder.resolve("pods"));
      copy(programs.captures(), folder.resolve("captures"), ".pcapng");
      Path objects = Files.createDirectories(folder.resolve("state"));
      for (Resource kind : Resource.values()) {
        Files.writeString(objects.resolve(kind.plural() + ".yaml"), objects(kind));
      }
      List<JsonNode> ended = cluster.endedFaults();
      if (!ended.isEmpty()) {
        ArrayNode faults = JsonNodeFactory.instance.arrayNode();
        ended.forEach(faults::add);
        Files.writeString(objects.resolve("ended-faults.yaml"), YAML.writeValueAsString(faults));
      }
      Files.writeString(folder.resolve("seeds.txt"), seeds(ended));
    } catch (IOException failure) {
      throw new ClusterFailure(folder + " cannot be written: " + failure.getMessage(), failure);
    }
  }

  private String objects(Resource kind) throws JsonProcessingException {
    try {
      return YAML.writeValueAsString(cluster.api().get(kind.listPath(null)));
    } catch (ClientFailure failure) {
      return "# not to be had: " + failure.getMessage() + "\n";
    }
  }

  /** What makes each fault decide alike again: its seed, or its uid where it was given none. */
  private String seeds(List<JsonNode> ended) {
    StringBuilder text = new StringBuilder();
    ended.forEach(fault -> appendSeed(text, fault));
    try {
      for (Resource kind : Resource.FAULTS) {
        cluster.items(kind).forEach(fault -> appendSeed(text, fault));
      }
    } catch (ClientFailure failure) {
      text.append("not to be had: ").append(failure.getMessage()).append('\n');
    }
    return text.isEmpty() ? "no faults\n" : text.toString();
  }

  private static void appendSeed(StringBuilder text, JsonNode fault) {
    String seed = fault.at("/status/seed").asText(fault.at("/spec/seed").asText());
    text.append(fault.path("kind").asText()).append(' ').append(ObjectKey.of(fault).text());
    text.append(": ");
    text.append(seed.isEmpty() ? "uid " + fault.at("/metadata/uid").asText() : "seed " + seed);
    text.append('\n');
  }

  /** Copies all files whose names end so, those in folders included; there may be none. */
  static void copy(Path from, Path to, String ending) throws IOException {
    if (!Files.isDirectory(from)) {
      return;
    }
    List<Path> files;
    try (Stream<Path> all = Files.walk(from)) {
      files = all.filter(file -> file.toString().endsWith(ending)).toList();
    }
    for (Path file : files) {
      Path target = to.resolve(from.relativize(file).toString());
      Files.createDirectories(target.getParent());
      try {
        Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
      } catch (NoSuchFileException gone) {
        // A Pod that has just been removed.
      }
    }
  }
}
