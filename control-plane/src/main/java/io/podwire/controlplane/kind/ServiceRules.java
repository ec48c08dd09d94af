package io.podwire.controlplane.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Service;
import io.podwire.cluster.store.Claim;
import io.podwire.packet.addr.IpAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Service (core/v1). */
final class ServiceRules implements KindRules {

  static final String NONE = "None";

  private static final List<String> TYPES =
      List.of("ClusterIP", "NodePort", "LoadBalancer", "ExternalName");
  private static final int MAX_AFFINITY_SECONDS = 86400;
  private static final int DEFAULT_AFFINITY_SECONDS = 10800;

  private ServiceRules() {}

  static Kind kind() {
    return new Kind(
        "",
        "v1",
        "Service",
        "services",
        "service",
        List.of("svc"),
        List.of("all"),
        true,
        true,
        NameForm.DNS_1035_LABEL,
        Schema.of(Service.class),
        new MergeKeys(
            Map.of(
                "spec.ports",
                List.of(MergeKeys.Key.of("port"), new MergeKeys.Key("protocol", "TCP")))),
        new ServiceRules());
  }

  @Override
  public void setDefaults(ObjectNode manifest) {
    ObjectNode spec = Manifests.child(manifest, "spec");
    Manifests.setDefault(spec, "type", "ClusterIP");
    Manifests.setDefault(spec, "sessionAffinity", "None");
    if ("ClientIP".equals(spec.path("sessionAffinity").textValue())) {
      ObjectNode config = Manifests.child(spec, "sessionAffinityConfig");
      Manifests.setDefault(
          Manifests.child(config, "clientIP"), "timeoutSeconds", DEFAULT_AFFINITY_SECONDS);
    }
    for (ObjectNode port : Manifests.objects(spec, "ports")) {
      Manifests.setDefault(port, "protocol", "TCP");
      Integer number = new Field("", port).at("port").number();
      // A wrong port is reported where it stands, not in a copy of it.
      if (number != null && PortRules.isPort(number)) {
        Manifests.setDefault(port, "targetPort", number);
      }
    }
    Field fields = new Field("spec", spec);
    if (!isExternalName(fields)) {
      Manifests.setDefault(spec, "internalTrafficPolicy", "Cluster");
    }
    if (hasNodePorts(fields)) {
      Manifests.setDefault(spec, "externalTrafficPolicy", "Cluster");
    }
    pairAddresses(spec);
  }

  @Override
  public void initialize(ObjectNode manifest) {
    manifest.putObject("status").putObject("loadBalancer");
  }

  @Override
  public void validate(Field manifest, KindContext context, Problems problems) {
    Field spec = manifest.at("spec");
    if (!spec.isPresent()) {
      problems.required(spec, "write the ports of the Service");
      return;
    }
    PortRules.oneOf(spec.at("type"), TYPES, problems);
    PortRules.oneOf(spec.at("sessionAffinity"), List.of("None", "ClientIP"), problems);
    PortRules.oneOf(spec.at("internalTrafficPolicy"), List.of("Cluster", "Local"), problems);
    PortRules.oneOf(spec.at("externalTrafficPolicy"), List.of("Cluster", "Local"), problems);
    if (spec.at("externalTrafficPolicy").isGiven() && !hasNodePorts(spec)) {
      problems.invalid(
          spec.at("externalTrafficPolicy"),
          "concerns types NodePort and LoadBalancer alone; remove the field or change spec.type");
    }
    Field timeout = spec.at("sessionAffinityConfig", "clientIP", "timeoutSeconds");
    Integer seconds = timeout.number();
    if (seconds != null && (seconds < 1 || seconds > MAX_AFFINITY_SECONDS)) {
      problems.invalid(
          timeout, seconds + " is out of range; write 1 to " + MAX_AFFINITY_SECONDS + " seconds");
    }
    LabelRules.check(spec.at("selector"), problems);
    if (isExternalName(spec)) {
      validateExternalName(spec, problems);
    }
    ServicePortRules.validate(spec, context, problems);
    ClusterIpRules.validate(spec, context, problems);
  }

  @Override
  public void carryOver(ObjectNode before, ObjectNode after) {
    Field old = Field.root(before).at("spec");
    ObjectNode spec = Manifests.child(after, "spec");
    Field now = new Field("spec", spec);
    if (isExternalName(now)) {
      // The type says that the addresses go; the manifest it was changed in still names them.
      if (!isExternalName(old)) {
        spec.remove(List.of("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"));
      }
    } else {
      for (String field : List.of("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy")) {
        JsonNode held = old.at(field).node();
        if (held != null && Manifests.isAbsent(spec, field)) {
          spec.set(field, held.deepCopy());
        }
      }
    }
    Field policy = old.at("externalTrafficPolicy");
    if (!hasNodePorts(now) && Objects.equals(policy.node(), spec.get("externalTrafficPolicy"))) {
      spec.remove("externalTrafficPolicy");
    }
    ServicePortRules.carryOverNodePorts(old, spec, hasNodePorts(now));
  }

  @Override
  public void validateUpdate(Field before, Field after, Problems problems) {
    if (!isExternalName(before.at("spec")) && !isExternalName(after.at("spec"))) {
      KindRules.immutable(before.at("spec", "clusterIP"), after.at("spec", "clusterIP"), problems);
    }
  }

  @Override
  public Set<Claim> claims(ObjectNode manifest) {
    Set<Claim> claims = new HashSet<>();
    Field spec = Field.root(manifest).at("spec");
    for (Field address : spec.at("clusterIPs").items()) {
      IpAddress.tryParse(address.textOr(""))
          .ifPresent(ip -> claims.add(new Claim(Claim.CLUSTER_IPS, ip.toString())));
    }
    for (Field port : spec.at("ports").items()) {
      Integer nodePort = port.at("nodePort").number();
      if (nodePort != null && nodePort != 0) {
        claims.add(new Claim(Claim.NODE_PORTS, nodePort.toString()));
      }
    }
    return claims;
  }

  static boolean isExternalName(Field spec) {
    return "ExternalName".equals(spec.at("type").text());
  }

  static boolean isHeadless(Field spec) {
    return NONE.equals(spec.at("clusterIP").text());
  }

  static boolean hasNodePorts(Field spec) {
    String type = spec.at("type").textOr("");
    return type.equals("NodePort") || type.equals("LoadBalancer");
  }

  /** {@code clusterIP} and {@code clusterIPs[0]} are one field with two names. */
  static void pairAddresses(ObjectNode spec) {
    Field single = new Field("spec", spec).at("clusterIP");
    List<Field> several = new Field("spec", spec).at("clusterIPs").items();
    if (single.isGiven() && single.text() != null && several.isEmpty()) {
      spec.putArray("clusterIPs").add(single.text());
    } else if (!single.isGiven() && !several.isEmpty()) {
      spec.put("clusterIP", several.getFirst().textOr(""));
    }
  }

  private static void validateExternalName(Field spec, Problems problems) {
    Field name = spec.at("externalName");
    if (!name.isGiven()) {
      problems.required(name, "write the DNS name that the Service stands for");
      return;
    }
    String text = name.textOr("");
    if (!NameForm.DNS_SUBDOMAIN.matches(
        text.endsWith(".") ? text.substring(0, text.length() - 1) : text)) {
      problems.invalid(name, name.shown() + " is no DNS name; " + NameForm.DNS_SUBDOMAIN.rule());
    }
  }
}
