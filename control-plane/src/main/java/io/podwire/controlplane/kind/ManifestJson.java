package io.podwire.controlplane.kind;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cluster.store.StoredObject;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The JSON form of manifests: strict about duplicate keys, limited in depth. Thread-safe.
 *
 * <p>A manifest in memory is an {@link ObjectNode}, so that fields nobody here knows survive.
 */
public final class ManifestJson {

  /** The deepest nesting accepted from a client. */
  public static final int MAX_DEPTH = 64;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private ManifestJson() {}

  public static ObjectMapper mapper() {
    return MAPPER;
  }

  /** A new, empty object. */
  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** The manifest of a stored object, with its revision as {@code metadata.resourceVersion}. */
  public static ObjectNode read(StoredObject stored) {
    ObjectNode manifest = read(stored.value(), stored.key().toString());
    manifest.withObject("/metadata").put("resourceVersion", Long.toString(stored.revision()));
    return manifest;
  }

  /** The bytes to store: everything but {@code metadata.resourceVersion}. */
  public static byte[] toStored(ObjectNode manifest) {
    ObjectNode stored = manifest.deepCopy();
    if (stored.get("metadata") instanceof ObjectNode metadata) {
      metadata.remove("resourceVersion");
    }
    return bytes(stored);
  }

  public static byte[] bytes(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  static <T> T convert(JsonNode node, Class<T> type) {
    return MAPPER.convertValue(node, type);
  }

  private static ObjectNode read(byte[] json, String origin) {
    try {
      if (MAPPER.readTree(json) instanceof ObjectNode manifest) {
        return manifest;
      }
      throw new IllegalStateException(origin + " in the registry is not a JSON object");
    } catch (IOException e) {
      throw new UncheckedIOException(origin + " in the registry is not JSON", e);
    }
  }
}
