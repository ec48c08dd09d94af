package io.podwire.controlplane.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Small edits of manifests that leave fields of the wrong type alone. */
public final class Manifests {

  private Manifests() {}

  /** The object under this name, made where it is absent; a detached one where it is no object. */
  public static ObjectNode child(ObjectNode parent, String name) {
    JsonNode child = parent.get(name);
    if (child == null || child.isNull()) {
      return parent.putObject(name);
    }
    return child instanceof ObjectNode object ? object : parent.objectNode();
  }

  /** The objects of a list; none where it is absent. */
  public static List<ObjectNode> objects(ObjectNode parent, String name) {
    List<ObjectNode> objects = new ArrayList<>();
    JsonNode list = parent.get(name);
    if (list != null && list.isArray()) {
      for (JsonNode item : list) {
        if (item instanceof ObjectNode object) {
          objects.add(object);
        }
      }
    }
    return objects;
  }

  static boolean isAbsent(ObjectNode parent, String name) {
    return !new Field("", parent.get(name)).isGiven();
  }

  static void setDefault(ObjectNode parent, String name, String value) {
    if (isAbsent(parent, name)) {
      parent.put(name, value);
    }
  }

  static void setDefault(ObjectNode parent, String name, int value) {
    if (isAbsent(parent, name)) {
      parent.put(name, value);
    }
  }

  /** As {@link #setDefault}, but a zero counts as absent too, as in Kubernetes. */
  static void setNonZero(ObjectNode parent, String name, int value) {
    JsonNode present = parent.get(name);
    if (isAbsent(parent, name) || (present.isInt() && present.intValue() == 0)) {
      parent.put(name, value);
    }
  }

  /** Removes JSON nulls, which say nothing in a manifest. */
  public static void dropNulls(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.properties().removeIf(entry -> entry.getValue().isNull());
    }
    node.forEach(Manifests::dropNulls);
  }
}
