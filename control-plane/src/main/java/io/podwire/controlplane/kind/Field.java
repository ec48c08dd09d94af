package io.podwire.controlplane.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A place in a manifest: what is there, if anything, and its path for messages, such as {@code
 * spec.ports[0].port}.
 *
 * @param path empty for the manifest itself
 * @param node null where the field is absent; never JSON's null
 */
public record Field(String path, @Nullable JsonNode node) {

  public Field {
    if (node != null && node.isNull()) {
      node = null;
    }
  }

  /** The manifest itself. */
  public static Field root(ObjectNode manifest) {
    return new Field("", manifest);
  }

  /** A member of this object; absent where this is absent or no object. */
  public Field at(String name) {
    return new Field(
        path.isEmpty() ? name : path + "." + name, node == null ? null : node.get(name));
  }

  /** A member several levels down. */
  public Field at(String first, String... rest) {
    Field field = at(first);
    for (String name : rest) {
      field = field.at(name);
    }
    return field;
  }

  /** The elements of a list; none where this is absent or no list. */
  public List<Field> items() {
    List<Field> items = new ArrayList<>();
    if (node != null && node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        items.add(new Field(path + "[" + i + "]", node.get(i)));
      }
    }
    return items;
  }

  /** The entries of a map by key; none where this is absent or no object. */
  public Map<String, Field> entries() {
    Map<String, Field> entries = new LinkedHashMap<>();
    if (node != null && node.isObject()) {
      for (Map.Entry<String, JsonNode> entry : node.properties()) {
        entries.put(entry.getKey(), new Field(path + "[" + entry.getKey() + "]", entry.getValue()));
      }
    }
    return entries;
  }

  public boolean isPresent() {
    return node != null;
  }

  /** Neither absent nor an empty text, list or map. */
  public boolean isGiven() {
    return node != null
        && !(node.isTextual() && node.textValue().isEmpty())
        && !(node.isContainerNode() && node.isEmpty());
  }

  /** The text, or null where this is no text. */
  public @Nullable String text() {
    return node != null && node.isTextual() ? node.textValue() : null;
  }

  /** The text, or the fallback where this is no text or an empty one. */
  public String textOr(String fallback) {
    String text = text();
    return text == null || text.isEmpty() ? fallback : text;
  }

  /** The integer, or null where this is none of 32 bits. */
  public @Nullable Integer number() {
    return node != null && node.isIntegralNumber() && node.canConvertToInt()
        ? Integer.valueOf(node.intValue())
        : null;
  }

  public boolean isTrue() {
    return node != null && node.isBoolean() && node.booleanValue();
  }

  /** The value as a message shows it, shortened where it is long. */
  public String shown() {
    if (node == null) {
      return "nothing";
    }
    String text = node.isTextual() ? "'" + node.textValue() + "'" : node.toString();
    return text.length() <= 80 ? text : text.substring(0, 77) + "...";
  }
}
