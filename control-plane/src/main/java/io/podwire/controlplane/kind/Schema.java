package io.podwire.controlplane.kind;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import io.fabric8.kubernetes.api.model.AnyType;
import io.fabric8.kubernetes.api.model.FieldsV1;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.runtime.RawExtension;
import io.podwire.controlplane.kind.Problem.Reason;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Checks the shape of a manifest against a fabric8 model class: unknown fields and wrong types, all
 * of them in one walk. Thread-safe.
 */
public final class Schema {

  private static final Map<JavaType, Map<String, JavaType>> FIELDS = new ConcurrentHashMap<>();
  private static final Set<Class<?>> FREE_FORM =
      Set.of(Object.class, AnyType.class, RawExtension.class, FieldsV1.class);

  private final JavaType root;

  private Schema(JavaType root) {
    this.root = root;
  }

  public static Schema of(Class<?> modelClass) {
    return new Schema(ManifestJson.mapper().constructType(modelClass));
  }

  /** Reports unknown fields to one collection and wrong types to the other. */
  public void check(Field manifest, Problems unknownFields, Problems wrongTypes) {
    new Walk(unknownFields, wrongTypes).visit(manifest, root);
  }

  private static Map<String, JavaType> fields(JavaType type) {
    return FIELDS.computeIfAbsent(
        type,
        bean -> {
          Map<String, JavaType> fields = new LinkedHashMap<>();
          var config = ManifestJson.mapper().getDeserializationConfig();
          for (BeanPropertyDefinition property : config.introspect(bean).findProperties()) {
            if (!property.getName().equals("additionalProperties")) {
              fields.put(property.getName(), property.getPrimaryType());
            }
          }
          return fields;
        });
  }

  private record Walk(Problems unknownFields, Problems wrongTypes) {

    void visit(Field field, JavaType type) {
      JsonNode node = field.node();
      if (node == null || FREE_FORM.contains(type.getRawClass())) {
        return;
      }
      if (type.isMapLikeType()) {
        if (expect(node.isObject(), field, "a map")) {
          field.entries().values().forEach(value -> visit(value, type.getContentType()));
        }
      } else if (type.isCollectionLikeType()) {
        if (expect(node.isArray(), field, "a list; begin its lines with '- '")) {
          field.items().forEach(item -> visit(item, type.getContentType()));
        }
      } else if (type.hasRawClass(IntOrString.class)) {
        expect(node.isTextual() || node.canConvertToInt(), field, "an integer or a name");
      } else if (type.hasRawClass(Quantity.class)) {
        expect(isQuantity(node), field, "a quantity such as 100m, 0.5 or 128Mi");
      } else if (!scalar(field, node, type)) {
        visitObject(field, type);
      }
    }

    private boolean scalar(Field field, JsonNode node, JavaType type) {
      Class<?> raw = type.getRawClass();
      if (raw == String.class) {
        return done(expect(node.isTextual(), field, "text; put it in quotes"));
      }
      if (raw == Boolean.class || raw == boolean.class) {
        return done(expect(node.isBoolean(), field, "true or false, without quotes"));
      }
      if (raw == Integer.class || raw == int.class) {
        boolean fits = node.isIntegralNumber() && node.canConvertToInt();
        return done(expect(fits, field, "an integer of 32 bits, without quotes"));
      }
      if (raw == Long.class || raw == long.class) {
        boolean fits = node.isIntegralNumber() && node.canConvertToLong();
        return done(expect(fits, field, "an integer, without quotes"));
      }
      if (raw == Double.class || raw == Float.class) {
        return done(expect(node.isNumber(), field, "a number, without quotes"));
      }
      return false;
    }

    private void visitObject(Field field, JavaType type) {
      JsonNode node = field.node();
      if (node == null || !expect(node.isObject(), field, "an object with fields of its own")) {
        return;
      }
      Map<String, JavaType> known = fields(type);
      for (String name : node.propertyStream().map(Map.Entry::getKey).toList()) {
        JavaType member = known.get(name);
        if (member == null) {
          unknownFields.add(Reason.UNKNOWN_FIELD, field.at(name), unknown(name, known));
        } else {
          visit(field.at(name), member);
        }
      }
    }

    private static String unknown(String name, Map<String, JavaType> known) {
      return "no such field; "
          + Spelling.nearest(name, known.keySet())
              .map(meant -> "did you mean " + meant + "?")
              .orElse("the fields here are " + String.join(", ", known.keySet()));
    }

    private boolean expect(boolean fits, Field field, String expected) {
      if (!fits) {
        wrongTypes.add(
            Reason.WRONG_TYPE, field, field.shown() + " is of the wrong type; write " + expected);
      }
      return fits;
    }

    /** A scalar has been dealt with, whether it fitted or not. */
    private static boolean done(@SuppressWarnings("unused") boolean fitted) {
      return true;
    }

    private static boolean isQuantity(JsonNode node) {
      if (node.isNumber()) {
        return true;
      }
      return node.isTextual()
          && node.textValue()
              .matches(
                  "[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+|[numkMGTPE]|[KMGTPE]i)?");
    }
  }
}
