package io.podwire.controlplane.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.controlplane.kind.MergeKeys;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * kubectl apply's merge: what the manifest says wins, what it said the last time and says no more
 * goes away, and what others wrote stays.
 *
 * <p>Lists with merge keys are merged element by element, in the manifest's order; other lists are
 * replaced whole. Thread-safe.
 */
final class ThreeWayMerge {

  private final MergeKeys mergeKeys;

  ThreeWayMerge(MergeKeys mergeKeys) {
    this.mergeKeys = mergeKeys;
  }

  /**
   * The merged object; no argument is changed.
   *
   * @param last the manifest as it was applied before; empty where it never was
   * @param manifest as it is applied now
   * @param current the live object
   */
  ObjectNode merge(ObjectNode last, ObjectNode manifest, ObjectNode current) {
    return objects("", last, manifest, current);
  }

  private ObjectNode objects(
      String path, @Nullable JsonNode last, ObjectNode manifest, @Nullable JsonNode current) {
    ObjectNode merged =
        current instanceof ObjectNode object ? object.deepCopy() : manifest.objectNode();
    if (last instanceof ObjectNode before) {
      before
          .fieldNames()
          .forEachRemaining(name -> {
            if (!manifest.has(name)) {
              merged.remove(name);
            }
          });
    }
    for (Map.Entry<String, JsonNode> field : manifest.properties()) {
      String name = field.getKey();
      if (field.getValue().isNull()) {
        merged.remove(name);
      } else {
        merged.set(
            name,
            value(
                path.isEmpty() ? name : path + "." + name,
                last == null ? null : last.get(name),
                field.getValue(),
                merged.get(name)));
      }
    }
    return merged;
  }

  private JsonNode value(
      String path, @Nullable JsonNode last, JsonNode manifest, @Nullable JsonNode current) {
    if (manifest instanceof ObjectNode object) {
      return objects(path, last, object, current);
    }
    if (manifest instanceof ArrayNode list && current instanceof ArrayNode live) {
      return mergeKeys
          .at(path)
          .flatMap(keys -> elements(path, keys, last, list, live))
          .orElseGet(list::deepCopy);
    }
    return manifest.deepCopy();
  }

  /** Empty where an element has no identity, or two have the same: then the list is replaced. */
  private Optional<JsonNode> elements(
      String path,
      List<MergeKeys.Key> keys,
      @Nullable JsonNode last,
      ArrayNode manifest,
      ArrayNode current) {
    Map<List<JsonNode>, ObjectNode> wanted = byKey(keys, manifest);
    Map<List<JsonNode>, ObjectNode> live = byKey(keys, current);
    Map<List<JsonNode>, ObjectNode> before =
        last instanceof ArrayNode list ? byKey(keys, list) : new LinkedHashMap<>();
    if (wanted.size() != manifest.size() || live.size() != current.size()) {
      return Optional.empty();
    }
    ArrayNode merged = manifest.arrayNode();
    wanted.forEach(
        (key, element) -> merged.add(objects(path, before.get(key), element, live.get(key))));
    live.forEach((key, element) -> {
      if (!wanted.containsKey(key) && !before.containsKey(key)) {
        merged.add(element.deepCopy());
      }
    });
    return Optional.of(merged);
  }

  private static Map<List<JsonNode>, ObjectNode> byKey(List<MergeKeys.Key> keys, ArrayNode list) {
    Map<List<JsonNode>, ObjectNode> elements = new LinkedHashMap<>();
    for (JsonNode element : list) {
      if (element instanceof ObjectNode object) {
        List<JsonNode> identity = new ArrayList<>();
        for (MergeKeys.Key key : keys) {
          JsonNode part = object.get(key.field());
          if (part != null && !part.isNull()) {
            identity.add(part);
          } else if (!key.fallback().isEmpty()) {
            identity.add(object.textNode(key.fallback()));
          }
        }
        if (identity.size() == keys.size()) {
          elements.put(List.copyOf(identity), object);
        }
      }
    }
    return elements;
  }
}
