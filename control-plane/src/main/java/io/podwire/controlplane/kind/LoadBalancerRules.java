package io.podwire.controlplane.kind;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.util.List;
import java.util.Optional;

/** The fields that concern Services of type LoadBalancer alone. */
final class LoadBalancerRules {

  /** What {@code loadBalancerSourceRanges} was before it was a field. */
  static final String SOURCE_RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges";

  private static final String TYPE = "LoadBalancer";
  private static final List<String> FIELDS =
      List.of(
          "allocateLoadBalancerNodePorts",
          "loadBalancerClass",
          "loadBalancerIP",
          "loadBalancerSourceRanges");

  private LoadBalancerRules() {}

  static boolean isLoadBalancer(Field spec) {
    return TYPE.equals(spec.at("type").text());
  }

  /** Whether the nodes answer for the health of their own endpoints. */
  static boolean needsHealthCheck(Field spec) {
    return isLoadBalancer(spec) && "Local".equals(spec.at("externalTrafficPolicy").text());
  }

  static void setDefaults(ObjectNode spec) {
    if (isLoadBalancer(new Field("spec", spec)) && !spec.has("allocateLoadBalancerNodePorts")) {
      spec.put("allocateLoadBalancerNodePorts", true);
    }
  }

  static void validate(Field manifest, KindContext context, Problems problems) {
    Field spec = manifest.at("spec");
    if (!isLoadBalancer(spec)) {
      for (String field : FIELDS) {
        Field given = spec.at(field);
        if (given.isGiven()) {
          problems.forbidden(
              given, "concerns type LoadBalancer alone; remove the field or change spec.type");
        }
      }
    }
    ServiceRules.checkQualifiedName(spec.at("loadBalancerClass"), problems);
    checkAddress(spec.at("loadBalancerIP"), problems);
    for (Field item : spec.at("loadBalancerSourceRanges").items()) {
      checkRange(item, item.textOr(""), problems);
    }
    Field annotation = manifest.at("metadata", "annotations").at(SOURCE_RANGES);
    if (annotation.isGiven() && isLoadBalancer(spec)) {
      for (String text : annotation.textOr("").split(",")) {
        checkRange(annotation, text, problems);
      }
    }
    checkHealthCheck(spec, context, problems);
  }

  private static void checkAddress(Field field, Problems problems) {
    if (field.isGiven() && IpAddress.tryParse(field.textOr("")).isEmpty()) {
      problems.invalid(field, field.shown() + " is no IP address; write one, or remove the field");
    }
  }

  private static void checkRange(Field field, String text, Problems problems) {
    if (range(text.strip()).isEmpty()) {
      problems.invalid(
          field, "'" + text.strip() + "' is no CIDR; write it as 192.0.2.0/24 or 192.0.2.7/32");
    }
  }

  /** A range as Kubernetes takes it: bits beyond the prefix do not matter. */
  static Optional<Cidr> range(String text) {
    int slash = text.indexOf('/');
    if (slash < 0 || !text.substring(slash + 1).matches("[0-9]{1,3}")) {
      return Optional.empty();
    }
    int length = Integer.parseInt(text.substring(slash + 1));
    return IpAddress.tryParse(text.substring(0, slash))
        .filter(address -> length <= address.bitLength())
        .map(address -> Cidr.around(address, length));
  }

  private static void checkHealthCheck(Field spec, KindContext context, Problems problems) {
    Field field = spec.at("healthCheckNodePort");
    Integer port = field.number();
    if (port == null || port == 0) {
      return;
    }
    if (!needsHealthCheck(spec)) {
      problems.invalid(
          field,
          "concerns type LoadBalancer with externalTrafficPolicy Local alone; remove the field");
    } else if (port < context.firstNodePort() || port > context.lastNodePort()) {
      problems.invalid(
          field,
          field.shown()
              + " is outside the range of node ports; write a number from "
              + context.firstNodePort()
              + " to "
              + context.lastNodePort());
    }
  }

  static void validateUpdate(Field before, Field after, Problems problems) {
    if (isLoadBalancer(before) && isLoadBalancer(after)) {
      Field held = before.at("loadBalancerClass");
      Field wanted = after.at("loadBalancerClass");
      if (!held.textOr("").equals(wanted.textOr(""))) {
        problems.invalid(
            wanted,
            wanted.shown()
                + " is a change of "
                + held.shown()
                + ", but the field may not change once the type is LoadBalancer");
      }
    }
    if (needsHealthCheck(before) && needsHealthCheck(after)) {
      KindRules.immutable(
          before.at("healthCheckNodePort"), after.at("healthCheckNodePort"), problems);
    }
  }

  /** What was allocated stays as long as it is needed, and goes where the type no longer has it. */
  static void carryOver(Field old, ObjectNode spec) {
    Field now = new Field("spec", spec);
    Integer port = old.at("healthCheckNodePort").number();
    if (needsHealthCheck(old) && port != null) {
      if (needsHealthCheck(now)) {
        Manifests.setNonZero(spec, "healthCheckNodePort", port);
      } else {
        ServiceRules.dropUnchanged(old, spec, "healthCheckNodePort");
      }
    }
    if (isLoadBalancer(old) && !isLoadBalancer(now)) {
      for (String field : FIELDS) {
        ServiceRules.dropUnchanged(old, spec, field);
      }
    }
  }
}
