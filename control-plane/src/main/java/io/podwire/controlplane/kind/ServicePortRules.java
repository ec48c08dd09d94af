package io.podwire.controlplane.kind;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The ports of a Service. */
final class ServicePortRules {

  private ServicePortRules() {}

  static void validate(Field spec, KindContext context, Problems problems) {
    List<Field> ports = spec.at("ports").items();
    if (ports.isEmpty() && !ServiceRules.isHeadless(spec) && !ServiceRules.isExternalName(spec)) {
      problems.required(spec.at("ports"), "write at least one port");
    }
    Map<String, Field> numbers = new HashMap<>();
    Map<String, Field> nodePorts = new HashMap<>();
    for (Field port : ports) {
      String protocol = port.at("protocol").textOr("TCP");
      PortRules.checkRequired(port.at("port"), problems);
      checkProtocol(port.at("protocol"), problems);
      ServiceRules.checkQualifiedName(port.at("appProtocol"), problems);
      PortRules.checkReference(port.at("targetPort"), problems);
      NameForm.DNS_LABEL.check(port.at("name"), problems);
      if (ports.size() > 1 && !port.at("name").isGiven()) {
        problems.required(port.at("name"), "with several ports each has a name");
      }
      Integer number = port.at("port").number();
      if (number != null) {
        PortRules.unique(port, "port " + number + "/" + protocol, numbers, problems);
      }
      validateNodePort(port.at("nodePort"), spec, context, problems);
      Integer nodePort = port.at("nodePort").number();
      if (nodePort != null && nodePort != 0) {
        PortRules.unique(
            port.at("nodePort"), "node port " + nodePort + "/" + protocol, nodePorts, problems);
      }
    }
    PortRules.uniqueText(ports, "name", problems);
    Integer healthCheck = spec.at("healthCheckNodePort").number();
    for (Field port : ports) {
      Integer nodePort = port.at("nodePort").number();
      if (nodePort != null && nodePort != 0 && nodePort.equals(healthCheck)) {
        problems.duplicate(
            spec.at("healthCheckNodePort"),
            healthCheck + " is the node port of " + port.path() + " too; write another");
      }
    }
  }

  private static void checkProtocol(Field field, Problems problems) {
    if ("SCTP".equals(field.text())) {
      problems.add(
          Problem.Reason.NOT_SUPPORTED,
          field,
          "'SCTP' is not carried by this network; write TCP or UDP");
    } else {
      PortRules.oneOf(field, List.of("TCP", "UDP"), problems);
    }
  }

  private static void validateNodePort(
      Field field, Field spec, KindContext context, Problems problems) {
    Integer number = field.number();
    if (number == null || number == 0) {
      return;
    }
    if (!ServiceRules.hasNodePorts(spec)) {
      problems.forbidden(
          field,
          field.shown()
              + " is not allowed in a Service of type "
              + spec.at("type").textOr("ClusterIP")
              + "; remove it or write type: NodePort");
    } else if (number < context.firstNodePort() || number > context.lastNodePort()) {
      problems.invalid(
          field,
          field.shown()
              + " is outside the range of node ports; write a number from "
              + context.firstNodePort()
              + " to "
              + context.lastNodePort());
    }
  }

  /** A port that does not name a node port keeps the one it had; without node ports, none stays. */
  static void carryOverNodePorts(Field oldSpec, ObjectNode spec, boolean hasNodePorts) {
    Map<String, Integer> held = new HashMap<>();
    for (Field port : oldSpec.at("ports").items()) {
      Integer nodePort = port.at("nodePort").number();
      if (nodePort != null && nodePort != 0) {
        held.put(key(port), nodePort);
      }
    }
    for (ObjectNode port : Manifests.objects(spec, "ports")) {
      Integer nodePort = held.get(key(new Field("", port)));
      if (nodePort == null) {
        continue;
      }
      if (hasNodePorts) {
        Manifests.setNonZero(port, "nodePort", nodePort);
      } else if (nodePort.equals(new Field("", port).at("nodePort").number())) {
        port.remove("nodePort");
      }
    }
  }

  private static String key(Field port) {
    return port.at("port").shown() + "/" + port.at("protocol").textOr("TCP");
  }
}
