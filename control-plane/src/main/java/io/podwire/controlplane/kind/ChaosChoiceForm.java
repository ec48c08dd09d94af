package io.podwire.controlplane.kind;

import io.podwire.cluster.model.FaultRequest.Choice;
import io.podwire.cluster.model.FaultRequest.Mode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Chaos Mesh's {@code selector}, {@code mode} and {@code value}. */
final class ChaosChoiceForm {

  private static final List<String> BESIDE_PODS =
      List.of(
          "namespaces",
          "labelSelectors",
          "expressionSelectors",
          "fieldSelectors",
          "podPhaseSelectors",
          "nodes",
          "nodeSelectors");

  private ChaosChoiceForm() {}

  /**
   * Reads a choice.
   *
   * @param holder of selector, mode and value
   * @param namespace of the object, meant where the selector names none
   */
  static Choice read(Field holder, String namespace, FaultInput input) {
    Field selector = holder.at("selector");
    Field modeField = holder.at("mode");
    if (!selector.isPresent()) {
      input
          .problems()
          .required(selector, "write which Pods are meant, or {} for all of the namespace");
    }
    if (!modeField.isGiven()) {
      input.problems().required(modeField, "write " + String.join(", ", ChoiceForm.MODES.keySet()));
    }
    input.unsupported(
        selector.at("annotationSelectors"),
        "Pods are chosen by labelSelectors, expressionSelectors, pods, nodes and phases");
    input.unsupported(
        selector.at("physicalMachines"), "write nodes, or a NetworkFault with links: Nodes");
    Mode mode = input.word(modeField, ChoiceForm.MODES, Mode.ALL);
    int value = ChoiceForm.value(holder, mode, input);
    Map<String, List<String>> pods = ChoiceForm.pods(selector.at("pods"), input);
    return pods.isEmpty()
        ? byProperties(selector, namespace, mode, value, input)
        : byName(selector, pods, mode, value, input);
  }

  /** Chaos Mesh looks at nothing else where Pods are named. */
  private static Choice byName(
      Field selector, Map<String, List<String>> pods, Mode mode, int value, FaultInput input) {
    for (String member : BESIDE_PODS) {
      if (selector.at(member).isGiven()) {
        input.warn(selector.at(member), "has no effect beside pods, as in Chaos Mesh");
      }
    }
    return new Choice(
        List.of(), pods, List.of(), Map.of(), Map.of(), List.of(), List.of(), List.of(), mode,
        value);
  }

  private static Choice byProperties(
      Field selector, String namespace, Mode mode, int value, FaultInput input) {
    List<String> namespaces =
        ChoiceForm.names(selector.at("namespaces"), NameForm.DNS_LABEL, input);
    List<String> nodes = ChoiceForm.names(selector.at("nodes"), NameForm.DNS_SUBDOMAIN, input);
    List<String> phases = ChoiceForm.phases(selector.at("podPhaseSelectors"), input);
    Map<String, Field> fields = selector.at("fieldSelectors").entries();
    fields.forEach((name, field) -> {
      if (!List.of("metadata.name", "metadata.namespace", "spec.nodeName", "status.phase")
          .contains(name)) {
        input
            .problems()
            .add(
                Problem.Reason.NOT_SUPPORTED,
                field,
                "is no field to select Pods by here; write metadata.name, metadata.namespace,"
                    + " spec.nodeName or status.phase");
      }
    });
    namespaces = narrowed(namespaces, fields.get("metadata.namespace"), "namespaces", input);
    nodes = narrowed(nodes, fields.get("spec.nodeName"), "nodes", input);
    phases = narrowed(phases, fields.get("status.phase"), "podPhaseSelectors", input);
    if (namespaces.isEmpty()) {
      namespaces = List.of(namespace);
    }
    Map<String, List<String>> pods = new LinkedHashMap<>();
    Field name = fields.get("metadata.name");
    if (name != null) {
      namespaces.forEach(each -> pods.put(each, List.of(name.textOr(""))));
    }
    return new Choice(
        namespaces,
        pods,
        nodes,
        ChoiceForm.labels(selector.at("nodeSelectors"), input),
        ChoiceForm.labels(selector.at("labelSelectors"), input),
        ChoiceForm.expressions(selector.at("expressionSelectors"), input),
        List.of(),
        phases,
        mode,
        value);
  }

  /** The list where the field selector says nothing; else what both allow. */
  private static List<String> narrowed(
      List<String> list, @Nullable Field selector, String listName, FaultInput input) {
    if (selector == null) {
      return list;
    }
    String only = selector.textOr("");
    if (!list.isEmpty() && !list.contains(only)) {
      input.contradiction(
          selector, selector.shown() + " is none of " + listName + ", so that no Pod is meant");
    }
    List<String> both = new ArrayList<>();
    both.add(only);
    return both;
  }
}
