package io.podwire.sandbox.cni;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The configuration on standard input (CNI specification, section 3).
 *
 * @param cniVersion of the configuration and of the answer
 * @param name the network's
 * @param socket the agent's
 * @param namespace of Pods whose runtime names none
 * @param labels of every Pod
 * @param previousAddresses of {@code prevResult}, without their prefix lengths
 * @param valid attachments that GC keeps, as {@code CONTAINER/INTERFACE}
 */
record NetworkConfig(
    String cniVersion,
    String name,
    Path socket,
    String namespace,
    Map<String, String> labels,
    List<String> previousAddresses,
    Set<String> valid) {

  /** Ascending. */
  static final List<String> VERSIONS = List.of("0.4.0", "1.0.0", "1.1.0");

  private static final String DEFAULT_SOCKET = "/run/podwire/attach.sock";
  private static final String NAME = "[a-zA-Z0-9][a-zA-Z0-9_.\\-]*";
  private static final ObjectMapper JSON = new ObjectMapper();

  static NetworkConfig read(String text) {
    JsonNode node;
    try {
      node = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new CniException(
          CniException.UNDECODABLE, "the configuration is not JSON", e.getOriginalMessage());
    }
    if (node == null || !node.isObject()) {
      throw new CniException(
          CniException.UNDECODABLE, "the configuration is no JSON object", "write one to stdin");
    }
    String version = node.path("cniVersion").asText("0.4.0");
    if (!VERSIONS.contains(version)) {
      throw new CniException(
          CniException.INCOMPATIBLE_VERSION,
          "cniVersion " + version + " is not supported",
          "write one of " + String.join(", ", VERSIONS));
    }
    String name = node.path("name").asText();
    if (!name.matches(NAME)) {
      throw new CniException(
          CniException.INVALID_CONFIG, "name is missing or invalid", "name the network");
    }
    List<String> addresses = new ArrayList<>();
    node.path("prevResult")
        .path("ips")
        .forEach(ip -> addresses.add(ip.path("address").asText().replaceFirst("/.*", "")));
    Map<String, String> labels = new TreeMap<>();
    node.path("labels").properties().forEach(e -> labels.put(e.getKey(), e.getValue().asText()));
    Set<String> valid = new HashSet<>();
    node.path("cni.dev/valid-attachments")
        .forEach(each ->
            valid.add(each.path("containerID").asText() + "/" + each.path("ifname").asText()));
    return new NetworkConfig(
        version,
        name,
        Path.of(node.path("socket").asText(DEFAULT_SOCKET)),
        node.path("namespace").asText("default"),
        labels,
        addresses,
        valid);
  }

  /** Whether interfaces have an MTU in results of this version. */
  boolean showsMtu() {
    return cniVersion.equals("1.1.0");
  }

  /** Whether addresses have their family in results of this version. */
  boolean showsFamily() {
    return cniVersion.startsWith("0.");
  }
}
