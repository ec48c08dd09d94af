package io.podwire.cli.experiment.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.podwire.client.failure.ClientFailure;
import io.podwire.client.manifest.ManifestFiles;
import io.podwire.client.manifest.ManifestStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Manifests as files beside the experiment's, or as objects within it. */
record ManifestForm(Path folder) {

  Optional<ManifestStream> read(Fields fields, String field) {
    Optional<ManifestStream> all = Optional.empty();
    List<JsonNode> items = fields.items(field);
    for (int i = 0; i < items.size(); i++) {
      String path = field + "[" + i + "]";
      Optional<ManifestStream> next = one(fields, path, items.get(i));
      all = all.isEmpty() ? next : next.map(all.get()::and).or(() -> Optional.empty());
      if (next.isEmpty()) {
        return Optional.empty();
      }
    }
    return all;
  }

  private Optional<ManifestStream> one(Fields fields, String path, JsonNode item) {
    if (item.isTextual()) {
      try {
        String file = folder.resolve(item.asText()).toString();
        return Optional.of(ManifestFiles.read(List.of(file), InputStream.nullInputStream()));
      } catch (ClientFailure failure) {
        failure.getMessage().lines().forEach(line -> fields.problem(path, line));
        return Optional.empty();
      }
    }
    if (!item.isObject() || !item.path("kind").isTextual()) {
      fields.problem(path, "is neither a file's name nor an object with a kind");
      return Optional.empty();
    }
    try {
      return Optional.of(
          ManifestFiles.ofText(fields.path(path), ExperimentFile.YAML.writeValueAsString(item)));
    } catch (JsonProcessingException odd) {
      throw new IllegalStateException(odd);
    }
  }
}
