package io.podwire.controlplane.kind;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** A probe: exactly one action, times that are not negative. */
final class ProbeRules {

  private static final List<String> ACTIONS = List.of("httpGet", "tcpSocket", "exec");
  private static final List<String> TIMES =
      List.of(
          "initialDelaySeconds",
          "periodSeconds",
          "timeoutSeconds",
          "successThreshold",
          "failureThreshold");

  private ProbeRules() {}

  static void setDefaults(ObjectNode probe) {
    Manifests.setNonZero(probe, "periodSeconds", 10);
    Manifests.setNonZero(probe, "timeoutSeconds", 1);
    Manifests.setNonZero(probe, "successThreshold", 1);
    Manifests.setNonZero(probe, "failureThreshold", 3);
    if (probe.get("httpGet") instanceof ObjectNode get) {
      Manifests.setDefault(get, "scheme", "HTTP");
      Manifests.setDefault(get, "path", "/");
    }
  }

  static void validate(Field probe, Problems problems) {
    List<String> given = ACTIONS.stream().filter(name -> probe.at(name).isPresent()).toList();
    if (probe.at("grpc").isPresent()) {
      problems.add(
          Problem.Reason.NOT_SUPPORTED,
          probe.at("grpc"),
          "gRPC probes are not supported; use httpGet, tcpSocket or exec");
    } else if (given.isEmpty()) {
      problems.required(probe, "write one of httpGet, tcpSocket and exec in it");
    } else if (given.size() > 1) {
      problems.forbidden(probe, "has " + String.join(" and ", given) + "; keep one of them");
    }
    for (String name : TIMES) {
      Integer value = probe.at(name).number();
      if (value != null && value < 0) {
        problems.invalid(probe.at(name), value + " is negative; write 0 or more");
      }
    }
    for (String name : List.of("httpGet", "tcpSocket")) {
      if (probe.at(name).isPresent()) {
        Field port = probe.at(name, "port");
        if (!port.isPresent()) {
          problems.required(port, "write a number from 1 to 65535 or the name of a port");
        }
        PortRules.checkReference(port, problems);
      }
    }
    PortRules.oneOf(probe.at("httpGet", "scheme"), List.of("HTTP", "HTTPS"), problems);
    Field exec = probe.at("exec");
    if (exec.isPresent() && exec.at("command").items().isEmpty()) {
      problems.required(exec.at("command"), "write the program and its arguments as a list");
    }
  }
}
