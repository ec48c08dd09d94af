package io.podwire.cli.experiment.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.podwire.cli.outcome.CommandFailure;
import io.podwire.cli.outcome.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An experiment's file: kind Experiment of podwire.io/v1alpha1. */
public final class ExperimentFile {
  /** What the manifests of an experiment that stands alone are called. */
  public static final String MANIFESTS = "manifests.yaml";

  static final YAMLMapper YAML =
      YAMLMapper.builder(
              YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .build();

  private ExperimentFile() {}

  /**
   * Reads a file; the files that it names are looked for beside it.
   *
   * @throws CommandFailure with exit code 2 and one line for each problem
   */
  public static Experiment read(Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException failure) {
      throw bad(List.of(file + ": cannot be read; name a YAML file of kind Experiment"));
    }
    List<String> problems = new ArrayList<>();
    Path folder = file.toAbsolutePath().getParent();
    Experiment experiment = parse(text, folder == null ? Path.of("") : folder, problems);
    if (!problems.isEmpty()) {
      throw bad(problems.stream().map(problem -> file + ": " + problem).toList());
    }
    return experiment;
  }

  /**
   * The file's experiment for another folder, where all of its topology's manifests are in {@link
   * #MANIFESTS}, and those of its steps are within it.
   */
  public static String alone(Path file) throws IOException {
    ObjectNode root = (ObjectNode) YAML.readTree(Files.readString(file));
    Path folder = file.toAbsolutePath().getParent();
    if (!root.at("/spec/topology/manifests").isMissingNode()) {
      root.withObject("/spec/topology").putArray("manifests").add(MANIFESTS);
    }
    for (JsonNode step : root.at("/spec/steps")) {
      if (step.path("apply").isArray()) {
        ArrayNode apply = YAML.createArrayNode();
        for (JsonNode item : step.path("apply")) {
          if (item.isTextual() && folder != null) {
            Path named = folder.resolve(item.asText());
            if (!Files.isRegularFile(named)) {
              apply.add(named.toString());
              continue;
            }
            String text = Files.readString(named);
            try (MappingIterator<JsonNode> each = YAML.readerFor(JsonNode.class).readValues(text)) {
              each.forEachRemaining(apply::add);
            }
          } else {
            apply.add(item);
          }
        }
        ((ObjectNode) step).set("apply", apply);
      }
    }
    return YAML.writeValueAsString(root);
  }

  /** Reads a text; with problems, what is returned is of no use. */
  static Experiment parse(String text, Path folder, List<String> problems) {
    List<JsonNode> documents = new ArrayList<>();
    try (MappingIterator<JsonNode> each = YAML.readerFor(JsonNode.class).readValues(text)) {
      while (each.hasNextValue()) {
        documents.add(each.nextValue());
      }
    } catch (JsonProcessingException odd) {
      problems.add(
          "line " + odd.getLocation().getLineNr() + ": no YAML: " + odd.getOriginalMessage());
    } catch (IOException odd) {
      problems.add("no YAML: " + odd.getMessage());
    }
    if (problems.isEmpty() && documents.size() != 1) {
      problems.add(
          documents.size()
              + " documents; write one Experiment, and its manifests below"
              + " spec.topology.manifests");
    }
    JsonNode root = problems.isEmpty() ? documents.getFirst() : YAML.createObjectNode();
    return new ExperimentParser(folder, problems).parse(root);
  }

  private static CommandFailure bad(List<String> problems) {
    return new CommandFailure(String.join("\n", problems), ExitCode.USAGE, null);
  }
}
