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
  private static final List<String> ADDRESS_FIELDS =
      List.of("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy");

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
    for (ObjectNode port : Manifests.objects(spec, "ports")) {
      Manifests.setDefault(port, "protocol", "TCP");
      Integer number = new Field("", port).at("port").number();
      // A wrong port is reported where it stands, not in a copy of it.
      if (number != null && PortRules.isPort(number)) {
        Manifests.setDefault(port, "targetPort", number);
      }
    }
    ServiceTrafficRules.setDefaults(spec);
    LoadBalancerRules.setDefaults(spec);
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
    ServiceTrafficRules.validate(spec, problems);
    TopologyRules.validate(spec, problems);
    LoadBalancerRules.validate(manifest, context, problems);
    LabelRules.check(spec.at("selector"), problems);
    if (isExternalName(spec)) {
      validateExternalName(spec, problems);
    }
    ServicePortRules.validate(spec, context, problems);
    ClusterIpRules.validate(spec, context, problems);
    IpFamilyRules.validate(spec, context, problems);
  }

  @Override
  public void warn(Field manifest, List<String> warnings) {
    Field spec = manifest.at("spec");
    TopologyRules.warn(manifest, warnings);
    if (isExternalName(spec) && spec.at("selector").isGiven()) {
      warnings.add("spec.selector: is ignored in a Service of type ExternalName; remove it");
    }
  }

  @Override
  public void carryOver(ObjectNode before, ObjectNode after) {
    Field old = Field.root(before).at("spec");
    ObjectNode spec = Manifests.child(after, "spec");
    Field now = new Field("spec", spec);
    if (isExternalName(now)) {
      // The type says that the addresses go; the manifest it was changed in still names them.
      if (!isExternalName(old)) {
        for (String field : ADDRESS_FIELDS) {
          dropUnchanged(old, spec, field);
        }
      }
    } else {
      for (String field : ADDRESS_FIELDS) {
        JsonNode held = old.at(field).node();
        if (held != null && Manifests.isAbsent(spec, field)) {
          spec.set(field, held.deepCopy());
        }
      }
      if (isExternalName(old)) {
        dropUnchanged(old, spec, "externalName");
      }
    }
    IpFamilyRules.carryOver(old, spec);
    LoadBalancerRules.carryOver(old, spec);
    if (!isExternallyReachable(now)) {
      dropUnchanged(old, spec, "externalTrafficPolicy");
    }
    ServicePortRules.carryOverNodePorts(old, spec, hasNodePorts(now));
    boolean announced = Field.root(after).at("status", "loadBalancer", "ingress").isGiven();
    if (announced && !LoadBalancerRules.isLoadBalancer(now)) {
      ObjectNode status = after.get("status").deepCopy();
      status.putObject("loadBalancer");
      after.set("status", status);
    }
  }

  @Override
  public void validateUpdate(Field before, Field after, Problems problems) {
    if (!isExternalName(before.at("spec")) && !isExternalName(after.at("spec"))) {
      KindRules.immutable(before.at("spec", "clusterIP"), after.at("spec", "clusterIP"), problems);
      IpFamilyRules.validateUpdate(before.at("spec"), after.at("spec"), problems);
    }
    LoadBalancerRules.validateUpdate(before.at("spec"), after.at("spec"), problems);
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
    Integer healthCheck = spec.at("healthCheckNodePort").number();
    if (healthCheck != null && healthCheck != 0) {
      claims.add(new Claim(Claim.NODE_PORTS, healthCheck.toString()));
    }
    return claims;
  }

  /** Removes a field that the type no longer has, unless the new manifest says something else. */
  static void dropUnchanged(Field old, ObjectNode spec, String field) {
    if (spec.has(field) && Objects.equals(old.at(field).node(), spec.get(field))) {
      spec.remove(field);
    }
  }

  /** {@code name} or {@code prefix/name}, as label keys are. */
  static void checkQualifiedName(Field field, Problems problems) {
    String text = field.textOr("");
    int slash = text.indexOf('/');
    boolean valid =
        NameForm.LABEL_NAME.matches(text.substring(slash + 1))
            && (slash < 0 || NameForm.DNS_SUBDOMAIN.matches(text.substring(0, slash)));
    if (field.isGiven() && !valid) {
      problems.invalid(
          field, field.shown() + " is no valid name; write it as example.com/name or name");
    }
  }

  /** Whether the external traffic policy means anything. */
  static boolean isExternallyReachable(Field spec) {
    String type = spec.at("type").textOr("ClusterIP");
    return hasNodePorts(spec) || (type.equals("ClusterIP") && spec.at("externalIPs").isGiven());
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
