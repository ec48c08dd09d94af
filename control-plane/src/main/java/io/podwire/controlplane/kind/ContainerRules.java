package io.podwire.controlplane.kind;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A container of a Pod: names, ports, environment and probes. */
final class ContainerRules {

  private static final List<String> PROBES =
      List.of("readinessProbe", "livenessProbe", "startupProbe");
  private static final List<String> WITHOUT_EFFECT =
      List.of("livenessProbe", "startupProbe", "volumeMounts", "lifecycle", "envFrom");

  private ContainerRules() {}

  static void setDefaults(ObjectNode container) {
    for (ObjectNode port : Manifests.objects(container, "ports")) {
      Manifests.setDefault(port, "protocol", "TCP");
    }
    for (String name : PROBES) {
      if (container.get(name) instanceof ObjectNode probe) {
        ProbeRules.setDefaults(probe);
      }
    }
  }

  static void validate(Field container, Problems problems) {
    Field name = container.at("name");
    if (!name.isGiven()) {
      problems.required(name, "write a name for the container");
    }
    NameForm.DNS_LABEL.check(name, problems);
    if (!container.at("image").isGiven() && !container.at("command").isGiven()) {
      problems.required(
          container.at("image"), "write an image such as podwire/agnhost, or a command");
    }
    validatePorts(container.at("ports").items(), problems);
    for (Field variable : container.at("env").items()) {
      validateVariable(variable, problems);
    }
    for (String probe : PROBES) {
      if (container.at(probe).isPresent()) {
        ProbeRules.validate(container.at(probe), problems);
      }
    }
  }

  static void warn(Field container, List<String> warnings) {
    for (String name : WITHOUT_EFFECT) {
      if (container.at(name).isGiven()) {
        warnings.add(container.at(name).path() + ": is kept, but has no effect here");
      }
    }
  }

  private static void validatePorts(List<Field> ports, Problems problems) {
    Map<String, Field> seen = new HashMap<>();
    for (Field port : ports) {
      PortRules.checkRequired(port.at("containerPort"), problems);
      PortRules.checkProtocol(port.at("protocol"), problems);
      NameForm.PORT_NAME.check(port.at("name"), problems);
      Integer number = port.at("containerPort").number();
      if (number != null) {
        String key = "port " + number + "/" + port.at("protocol").textOr("TCP");
        PortRules.unique(port, key, seen, problems);
      }
    }
    PortRules.uniqueText(ports, "name", problems);
  }

  private static void validateVariable(Field variable, Problems problems) {
    Field name = variable.at("name");
    if (!name.isGiven()) {
      problems.required(name, "write the name of the environment variable");
    } else if (name.textOr("").indexOf('=') >= 0) {
      problems.invalid(name, name.shown() + " holds a '='; write the value in the field value");
    }
    if (variable.at("valueFrom").isGiven()) {
      problems.add(
          Problem.Reason.NOT_SUPPORTED,
          variable.at("valueFrom"),
          "sources of values are not supported; write the value itself in the field value");
    }
  }
}
