package io.podwire.testkit.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A fault and what comes of it, as a document of {@code faults/*.yaml} says it.
 *
 * <ul>
 *   <li>{@code spec} is that of a NetworkFault, by default of the Pod named client and for a
 *       minute, or else {@code manifest} is all of it; {@code $NS} and the like are the stage's
 *   <li>{@code before}, {@code run} and {@code after} are shell commands; {@code stage.sh} says
 *       which. {@code early: yes}: {@code run} does not wait for the first receipt
 *   <li>{@code sees}: of what {@code run} prints, for each regular expression what its group is to
 *       be wherever it is found, or without a group how often it is found, see {@link Expected}
 *   <li>{@code receipt}: the same of a key of {@code status.affected}, or with a leading slash of
 *       any field of the status
 *   <li>{@code verdict: any}, where it is neither confirmed nor inconclusive
 *   <li>{@code bystander: no}, where the fault concerns the Pod of that name too
 *   <li>{@code refused}: what the API's refusal names; nothing is run
 *   <li>{@code on}: the stage, {@code pair} where nothing is said
 * </ul>
 */
record FaultCase(String file, JsonNode document) {

  static final List<String> FILES =
      List.of("cluster", "selection", "packets", "streams", "names", "chaos-mesh");

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  /** All cases, those of a busy stage first. */
  static List<FaultCase> all() {
    List<FaultCase> cases = new ArrayList<>();
    for (String file : FILES) {
      try (InputStream text =
          Objects.requireNonNull(FaultCase.class.getResourceAsStream("faults/" + file + ".yaml"))) {
        YAML.readerFor(JsonNode.class)
            .<JsonNode>readValues(text)
            .forEachRemaining(document -> cases.add(new FaultCase(file, document)));
      } catch (IOException e) {
        throw new UncheckedIOException(file, e);
      }
    }
    return cases;
  }

  String name() {
    return text("name");
  }

  String text(String field) {
    return document.path(field).asText();
  }

  boolean is(String field, String value) {
    return Expected.of(document.path(field)).text().equals(value);
  }

  String stage() {
    return document.has("on") ? text("on") : "pair";
  }

  /** What is expected, in the order of the document. */
  List<Map.Entry<String, JsonNode>> expected(String field) {
    return List.copyOf(document.path(field).properties());
  }

  /** The whole manifest, on a stage. */
  ObjectNode manifest(Map<String, String> variables) {
    try {
      if (document.has("manifest")) {
        return (ObjectNode) on(variables, document.path("manifest"));
      }
      ObjectNode spec = (ObjectNode) on(variables, document.path("spec"));
      boolean everybody = spec.path("node").path("action").asText().startsWith("zookeeper");
      if (!spec.has("selector") && !everybody) {
        spec.putObject("selector").putObject("labelSelectors").put("app", "client");
      }
      if (spec.path("duration").asText("none").isEmpty()) {
        spec.remove("duration");
      } else if (!spec.has("duration") && !spec.has("lease")) {
        spec.put("duration", "60s");
      }
      ObjectNode manifest = YAML.createObjectNode();
      manifest.put("apiVersion", "podwire.io/v1alpha1").put("kind", "NetworkFault");
      manifest.putObject("metadata").put("name", name()).put("namespace", variables.get("NS"));
      manifest.set("spec", spec);
      return manifest;
    } catch (IOException e) {
      throw new UncheckedIOException(name(), e);
    }
  }

  private static JsonNode on(Map<String, String> variables, JsonNode node) throws IOException {
    String text = substitute(variables, new ObjectMapper().writeValueAsString(node));
    return new ObjectMapper().readTree(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Puts a stage's values in the places of their names. */
  static String substitute(Map<String, String> variables, String text) {
    String result = text;
    for (Map.Entry<String, String> variable : variables.entrySet()) {
      result = result.replace("$" + variable.getKey(), variable.getValue());
    }
    return result;
  }

  @Override
  public String toString() {
    return file + "/" + name();
  }
}
