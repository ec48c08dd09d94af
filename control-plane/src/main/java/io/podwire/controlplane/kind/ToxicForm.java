package io.podwire.controlplane.kind;

import com.fasterxml.jackson.databind.JsonNode;
import io.podwire.cluster.fault.Toxic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a NetworkFault does to TCP streams, with Toxiproxy's names, units and defaults. */
final class ToxicForm {

  private static final Duration MILLISECOND = Duration.ofMillis(1);
  private static final Duration MICROSECOND = Duration.ofNanos(1000);
  private static final Map<String, List<String>> ATTRIBUTES = attributes();

  private ToxicForm() {}

  static List<Toxic> read(Field list, FaultInput input) {
    List<Toxic> toxics = new ArrayList<>();
    for (Field item : list.items()) {
      Map<String, Toxic.Side> sides = new LinkedHashMap<>();
      sides.put("upstream", Toxic.Side.UPSTREAM);
      sides.put("downstream", Toxic.Side.DOWNSTREAM);
      toxics.add(
          new Toxic(
              type(item, input),
              input.word(item.at("stream"), sides, Toxic.Side.DOWNSTREAM),
              toxicity(item.at("toxicity"), input)));
    }
    return toxics;
  }

  private static Toxic.Type type(Field toxic, FaultInput input) {
    Field type = toxic.at("type");
    if (!type.isGiven()) {
      input.problems().required(type, "write one of " + String.join(", ", ATTRIBUTES.keySet()));
      return new Toxic.Down();
    }
    List<String> known = ATTRIBUTES.get(type.textOr(""));
    if (known == null) {
      PortRules.oneOf(type, List.copyOf(ATTRIBUTES.keySet()), input.problems());
      return new Toxic.Down();
    }
    Field attributes = toxic.at("attributes");
    if (attributes.node() != null && attributes.node().isObject()) {
      for (String name : attributes.entries().keySet()) {
        if (!known.contains(name)) {
          input
              .problems()
              .add(
                  Problem.Reason.UNKNOWN_FIELD,
                  attributes.at(name),
                  "no such attribute of "
                      + type.textOr("")
                      + "; "
                      + (known.isEmpty() ? "it has none" : "it has " + String.join(", ", known)));
        }
      }
    }
    return type(type.textOr(""), attributes, input);
  }

  private static Toxic.Type type(String type, Field attributes, FaultInput input) {
    return switch (type) {
      case "latency" ->
          new Toxic.Latency(
              time(attributes.at("latency"), MILLISECOND, input),
              time(attributes.at("jitter"), MILLISECOND, input));
      case "bandwidth" -> new Toxic.Bandwidth(required(attributes.at("rate"), "KB/s", input));
      case "slow_close" -> new Toxic.SlowClose(time(attributes.at("delay"), MILLISECOND, input));
      case "timeout" -> new Toxic.Timeout(time(attributes.at("timeout"), MILLISECOND, input));
      case "reset_peer" -> new Toxic.ResetPeer(time(attributes.at("timeout"), MILLISECOND, input));
      case "slicer" -> slicer(attributes, input);
      case "limit_data" -> new Toxic.LimitData(required(attributes.at("bytes"), "bytes", input));
      default -> new Toxic.Down();
    };
  }

  private static Toxic.Type slicer(Field attributes, FaultInput input) {
    Field variation = attributes.at("size_variation");
    int size = (int) required(attributes.at("average_size"), "bytes", input);
    int spread = input.count(variation, 0, 0);
    if (spread >= size && spread > 0) {
      input
          .problems()
          .invalid(variation, variation.shown() + " is not below average_size; write less than it");
      spread = 0;
    }
    return new Toxic.Slicer(size, spread, time(attributes.at("delay"), MICROSECOND, input));
  }

  /** A number in Toxiproxy's unit, or a text with a unit of its own; zero where it is absent. */
  private static Duration time(Field field, Duration unit, FaultInput input) {
    if (field.text() != null) {
      return input.orZero(field);
    }
    JsonNode node = field.node();
    if (node == null) {
      return Duration.ZERO;
    }
    if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < 0) {
      input
          .problems()
          .invalid(
              field,
              field.shown()
                  + " is no time; write a whole number of "
                  + (unit.equals(MILLISECOND) ? "milliseconds" : "microseconds")
                  + ", or a text such as '100ms'");
      return Duration.ZERO;
    }
    return unit.multipliedBy(node.intValue());
  }

  private static long required(Field field, String unit, FaultInput input) {
    JsonNode node = field.node();
    if (node == null) {
      input.problems().required(field, "write a whole number of " + unit);
      return 1;
    }
    if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < 1) {
      input
          .problems()
          .invalid(
              field,
              field.shown() + " is out of range; write a whole number of " + unit + ", 1 or more");
      return 1;
    }
    return node.intValue();
  }

  private static double toxicity(Field field, FaultInput input) {
    JsonNode node = field.node();
    if (node == null || !node.isNumber()) {
      return 1;
    }
    double share = node.doubleValue();
    if (share < 0 || share > 1) {
      input
          .problems()
          .invalid(field, field.shown() + " is no share; write a number from 0 to 1, such as 0.5");
      return 1;
    }
    return share;
  }

  private static Map<String, List<String>> attributes() {
    Map<String, List<String>> attributes = new LinkedHashMap<>();
    attributes.put("latency", List.of("latency", "jitter"));
    attributes.put("bandwidth", List.of("rate"));
    attributes.put("slow_close", List.of("delay"));
    attributes.put("timeout", List.of("timeout"));
    attributes.put("reset_peer", List.of("timeout"));
    attributes.put("slicer", List.of("average_size", "size_variation", "delay"));
    attributes.put("limit_data", List.of("bytes"));
    attributes.put("down", List.of());
    return attributes;
  }
}
