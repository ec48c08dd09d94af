package io.podwire.cli.experiment.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.podwire.cluster.fault.GoDuration;
import io.podwire.cluster.fault.Percentage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The fields of one object of the file: each is asked for once, and what nobody has asked for is a
 * problem. Reading goes on after a problem, with a value that does no harm. Not thread-safe.
 */
final class Fields {
  private final Set<String> known = new LinkedHashSet<>();
  private final JsonNode object;
  private final String path;
  private final List<String> problems;

  Fields(JsonNode object, String path, List<String> problems) {
    this.object = object;
    this.path = path;
    this.problems = problems;
    if (!object.isObject() && !object.isMissingNode()) {
      problems.add(path + ": " + shown(object) + " is no object; write fields below it");
    }
  }

  String path(String field) {
    return path.isEmpty() ? field : path + "." + field;
  }

  void problem(String field, String text) {
    problems.add(path(field) + ": " + text);
  }

  boolean has(String field) {
    known.add(field);
    return object.has(field);
  }

  JsonNode raw(String field) {
    known.add(field);
    return object.path(field);
  }

  Fields child(String field) {
    return new Fields(raw(field), path(field), problems);
  }

  /** The objects of a list; none where it is not there. */
  List<Fields> children(String field) {
    List<Fields> children = new ArrayList<>();
    List<JsonNode> items = items(field);
    for (int i = 0; i < items.size(); i++) {
      children.add(new Fields(items.get(i), path(field) + "[" + i + "]", problems));
    }
    return children;
  }

  List<JsonNode> items(String field) {
    JsonNode list = raw(field);
    List<JsonNode> items = new ArrayList<>();
    if (list.isArray()) {
      list.forEach(items::add);
    } else if (!list.isMissingNode() && !list.isNull()) {
      problem(field, shown(list) + " is no list; write items with - before each");
    }
    return items;
  }

  String text(String field, String fallback) {
    JsonNode value = raw(field);
    if (value.isMissingNode()) {
      return fallback;
    }
    if (!value.isValueNode() || value.isNull()) {
      problem(field, shown(value) + " is no text");
      return fallback;
    }
    return value.asText();
  }

  String required(String field, String fix) {
    if (!has(field)) {
      problem(field, "is missing; " + fix);
      return "";
    }
    return text(field, "");
  }

  /** A list of texts, or one text for a list of one. */
  List<String> texts(String field) {
    JsonNode value = raw(field);
    if (value.isValueNode() && !value.isNull()) {
      return List.of(value.asText());
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode item : items(field)) {
      if (item.isValueNode()) {
        texts.add(item.asText());
      } else {
        problem(field, shown(item) + " is no text");
      }
    }
    return texts;
  }

  Optional<Duration> duration(String field) {
    return parsed(
        field,
        text -> {
          Duration duration = GoDuration.parse(text);
          if (duration.isNegative()) {
            throw new IllegalArgumentException("is below zero; write a time from the beginning on");
          }
          return duration;
        });
  }

  Duration duration(String field, Duration fallback) {
    return duration(field).orElse(fallback);
  }

  Duration positive(String field, Duration fallback) {
    Duration duration = duration(field, fallback);
    if (duration.isZero()) {
      problem(field, "is zero; write a duration such as 2s");
      return fallback;
    }
    return duration;
  }

  Optional<Double> percentage(String field) {
    return parsed(field, Percentage::parse);
  }

  private <T> Optional<T> parsed(String field, Function<String, T> parser) {
    if (!has(field)) {
      return Optional.empty();
    }
    String text = text(field, "");
    try {
      return Optional.of(parser.apply(text));
    } catch (IllegalArgumentException odd) {
      problem(field, "\"" + text + "\" " + odd.getMessage());
      return Optional.empty();
    }
  }

  double number(String field, double fallback, double least, double most) {
    JsonNode value = raw(field);
    if (value.isMissingNode()) {
      return fallback;
    }
    if (value.isNumber() && value.asDouble() >= least && value.asDouble() <= most) {
      return value.asDouble();
    }
    problem(
        field,
        shown(value) + " is no number from " + Numbers.plain(least) + " to " + Numbers.plain(most));
    return fallback;
  }

  int whole(String field, int fallback, int least, int most) {
    double number = number(field, fallback, least, most);
    if (number != Math.rint(number)) {
      problem(field, shown(raw(field)) + " is no whole number");
      return fallback;
    }
    return (int) number;
  }

  /** True also where the field is written without a value. */
  boolean flag(String field) {
    JsonNode value = raw(field);
    if (value.isMissingNode()) {
      return false;
    }
    boolean bare = value.isNull() || value.isTextual() && value.asText().isEmpty();
    if (!bare && !value.isBoolean()) {
      problem(field, shown(value) + " is neither true nor false");
    }
    return bare || value.asBoolean();
  }

  /** Tells of every field that was not asked for. */
  void end() {
    for (String field : (Iterable<String>) object::fieldNames) {
      if (!known.contains(field)) {
        problem(field, "is not known; fields here: " + String.join(", ", known));
      }
    }
  }

  JsonNode node() {
    return object.isObject() ? object : MissingNode.getInstance();
  }

  private static String shown(JsonNode value) {
    String text = value.toString();
    return text.length() > 60 ? text.substring(0, 60) + "…" : text;
  }
}
