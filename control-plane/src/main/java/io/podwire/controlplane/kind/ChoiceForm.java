package io.podwire.controlplane.kind;

import io.podwire.cluster.model.FaultRequest.Choice;
import io.podwire.cluster.model.FaultRequest.Expression;
import io.podwire.cluster.model.FaultRequest.Links;
import io.podwire.cluster.model.FaultRequest.Mode;
import io.podwire.cluster.model.FaultRequest.Operator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The {@code selector}, {@code mode} and {@code value} of a fault or of its target. */
final class ChoiceForm {

  static final Map<String, Mode> MODES = modes();

  /** Everything there is. */
  static final Choice EVERYTHING =
      new Choice(
          List.of(), Map.of(), List.of(), Map.of(), Map.of(), List.of(), List.of(), List.of(),
          Mode.ALL, 0);

  private static final List<String> PHASES =
      List.of("Pending", "Running", "Succeeded", "Failed", "Unknown");
  private static final List<String> OF_PODS =
      List.of(
          "namespaces",
          "pods",
          "labelSelectors",
          "expressionSelectors",
          "podPhaseSelectors",
          "services");
  private static final int PERCENT = 100;

  private ChoiceForm() {}

  /**
   * Reads a NetworkFault's choice.
   *
   * @param holder of selector, mode and value
   * @param namespace the fault's own, meant where the selector names neither namespaces, Pods nor
   *     Services
   */
  static Choice read(Field holder, Links links, String namespace, FaultInput input) {
    Field selector = holder.at("selector");
    if (!selector.isPresent()) {
      input
          .problems()
          .required(
              selector,
              "write which "
                  + (links == Links.PODS ? "Pods" : "nodes")
                  + " are"
                  + " meant, or {} for all "
                  + (links == Links.PODS ? "of the namespace" : "nodes"));
    }
    Mode mode = input.word(holder.at("mode"), MODES, Mode.ALL);
    int value = value(holder, mode, input);
    if (links == Links.NODES) {
      for (String member : OF_PODS) {
        if (selector.at(member).isGiven()) {
          input.contradiction(
              selector.at(member),
              "chooses Pods, but nodes are meant; write nodes or nodeSelectors");
        }
      }
    }
    boolean named = selector.at("pods").isGiven() || selector.at("services").isGiven();
    List<String> namespaces = names(selector.at("namespaces"), NameForm.DNS_LABEL, input);
    if (namespaces.isEmpty() && !named && links == Links.PODS) {
      namespaces = List.of(namespace);
    }
    return new Choice(
        links == Links.PODS ? namespaces : List.of(),
        pods(selector.at("pods"), input),
        names(selector.at("nodes"), NameForm.DNS_SUBDOMAIN, input),
        labels(selector.at("nodeSelectors"), input),
        labels(selector.at("labelSelectors"), input),
        expressions(selector.at("expressionSelectors"), input),
        services(selector.at("services"), input),
        phases(selector.at("podPhaseSelectors"), input),
        mode,
        value);
  }

  /** The number that the mode needs; 0 where it needs none. */
  static int value(Field holder, Mode mode, FaultInput input) {
    Field value = holder.at("value");
    if (mode == Mode.ALL || mode == Mode.ONE) {
      if (value.isGiven()) {
        input.warn(value, value.shown() + " has no meaning with this mode");
      }
      return 0;
    }
    boolean percent = mode != Mode.FIXED;
    String what = percent ? "a percentage from 1 to 100" : "how many, 1 or more";
    if (!value.isGiven()) {
      input
          .problems()
          .required(
              value,
              "mode " + holder.at("mode").shown() + " needs it; write " + what + " in quotes");
      return 1;
    }
    int number = number(value, percent);
    if (number < 1 || percent && number > PERCENT) {
      input.problems().invalid(value, value.shown() + " is out of range; write " + what);
      return 1;
    }
    return number;
  }

  private static int number(Field value, boolean percent) {
    Integer number = value.number();
    if (number != null) {
      return number;
    }
    String text = value.textOr("").strip();
    String digits = percent && text.endsWith("%") ? text.substring(0, text.length() - 1) : text;
    return digits.matches("[0-9]{1,9}") ? Integer.parseInt(digits) : 0;
  }

  static List<String> names(Field list, NameForm form, FaultInput input) {
    List<String> names = new ArrayList<>();
    for (Field item : list.items()) {
      form.check(item, input.problems());
      names.add(item.textOr(""));
    }
    return names;
  }

  static Map<String, List<String>> pods(Field pods, FaultInput input) {
    Map<String, List<String>> named = new LinkedHashMap<>();
    pods.entries()
        .forEach(
            (namespace, list) -> named.put(namespace, names(list, NameForm.DNS_SUBDOMAIN, input)));
    return named;
  }

  static Map<String, String> labels(Field labels, FaultInput input) {
    LabelRules.check(labels, input.problems());
    Map<String, String> read = new LinkedHashMap<>();
    labels.entries().forEach((key, value) -> read.put(key, value.textOr("")));
    return read;
  }

  static List<String> phases(Field phases, FaultInput input) {
    List<String> read = new ArrayList<>();
    for (Field phase : phases.items()) {
      PortRules.oneOf(phase, PHASES, input.problems());
      read.add(phase.textOr(""));
    }
    return read;
  }

  static List<Expression> expressions(Field list, FaultInput input) {
    List<Expression> expressions = new ArrayList<>();
    for (Field item : list.items()) {
      Field key = item.at("key");
      Field operator = item.at("operator");
      Field values = item.at("values");
      if (!key.isGiven()) {
        input.problems().required(key, "write the label's key");
      }
      if (!operator.isGiven()) {
        input.problems().required(operator, "write In, NotIn, Exists or DoesNotExist");
      }
      Operator read = input.word(operator, operators(), Operator.EXISTS);
      boolean compares = read == Operator.IN || read == Operator.NOT_IN;
      if (compares && !values.isGiven()) {
        input.problems().required(values, operator.shown() + " needs at least one value");
      } else if (!compares && values.isGiven() && operator.isGiven()) {
        input.contradiction(
            values,
            "has no meaning with " + operator.shown() + "; remove it, or write In or NotIn");
      }
      expressions.add(
          new Expression(
              key.textOr(""), read, values.items().stream().map(v -> v.textOr("")).toList()));
    }
    return expressions;
  }

  private static List<String> services(Field list, FaultInput input) {
    List<String> services = new ArrayList<>();
    for (Field item : list.items()) {
      String text = item.textOr("");
      int slash = text.indexOf('/');
      if (!NameForm.DNS_LABEL.matches(text.substring(slash + 1))
          || slash >= 0 && !NameForm.DNS_LABEL.matches(text.substring(0, slash))) {
        input
            .problems()
            .invalid(item, item.shown() + " names no Service; write name or namespace/name");
      }
      services.add(text);
    }
    return services;
  }

  private static Map<String, Operator> operators() {
    Map<String, Operator> operators = new LinkedHashMap<>();
    operators.put("In", Operator.IN);
    operators.put("NotIn", Operator.NOT_IN);
    operators.put("Exists", Operator.EXISTS);
    operators.put("DoesNotExist", Operator.DOES_NOT_EXIST);
    return operators;
  }

  private static Map<String, Mode> modes() {
    Map<String, Mode> modes = new LinkedHashMap<>();
    modes.put("all", Mode.ALL);
    modes.put("one", Mode.ONE);
    modes.put("fixed", Mode.FIXED);
    modes.put("fixed-percent", Mode.FIXED_PERCENT);
    modes.put("random-max-percent", Mode.RANDOM_MAX_PERCENT);
    return modes;
  }
}
