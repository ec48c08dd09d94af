package io.podwire.controlplane.kind;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.podwire.packet.addr.IpAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** EndpointSlice (discovery.k8s.io/v1). */
final class EndpointSliceRules implements KindRules {

  private static final int MAX_ENDPOINTS = 1000;
  private static final int MAX_ADDRESSES = 100;

  private EndpointSliceRules() {}

  static Kind kind() {
    return new Kind(
        "discovery.k8s.io",
        "v1",
        "EndpointSlice",
        "endpointslices",
        "endpointslice",
        List.of(),
        List.of(),
        true,
        false,
        NameForm.DNS_SUBDOMAIN,
        Schema.of(EndpointSlice.class),
        MergeKeys.NONE,
        new EndpointSliceRules());
  }

  @Override
  public void setDefaults(ObjectNode manifest) {
    for (ObjectNode port : Manifests.objects(manifest, "ports")) {
      Manifests.setDefault(port, "protocol", "TCP");
      if (!port.has("name")) {
        port.put("name", "");
      }
    }
  }

  @Override
  public void initialize(ObjectNode manifest) {}

  @Override
  public void validate(Field manifest, KindContext context, Problems problems) {
    Field type = manifest.at("addressType");
    if (!type.isGiven()) {
      problems.required(type, "write IPv4, IPv6 or FQDN");
    }
    PortRules.oneOf(type, List.of("IPv4", "IPv6", "FQDN"), problems);
    List<Field> endpoints = manifest.at("endpoints").items();
    if (endpoints.size() > MAX_ENDPOINTS) {
      problems.invalid(
          manifest.at("endpoints"),
          endpoints.size() + " are too many; write at most " + MAX_ENDPOINTS + " in one slice");
    }
    for (Field endpoint : endpoints) {
      validateEndpoint(endpoint, type.textOr(""), problems);
    }
    validatePorts(manifest.at("ports").items(), problems);
  }

  @Override
  public void validateUpdate(Field before, Field after, Problems problems) {
    KindRules.immutable(before.at("addressType"), after.at("addressType"), problems);
  }

  @Override
  public void warn(Field manifest, List<String> warnings) {
    if (!manifest.at("metadata", "labels").entries().containsKey(ModelReader.SERVICE_NAME_LABEL)) {
      warnings.add(
          "metadata.labels: has no "
              + ModelReader.SERVICE_NAME_LABEL
              + ", so the slice belongs to no Service");
    }
  }

  private static void validateEndpoint(Field endpoint, String type, Problems problems) {
    List<Field> addresses = endpoint.at("addresses").items();
    if (addresses.isEmpty()) {
      problems.required(endpoint.at("addresses"), "write at least one address");
    } else if (addresses.size() > MAX_ADDRESSES) {
      problems.invalid(
          endpoint.at("addresses"),
          addresses.size() + " are too many; write at most " + MAX_ADDRESSES);
    }
    for (Field address : addresses) {
      if (type.equals("FQDN")) {
        NameForm.DNS_SUBDOMAIN.check(address, problems);
      } else if (!type.isEmpty()) {
        checkAddress(address, type, problems);
      }
    }
    NameForm.DNS_LABEL.check(endpoint.at("hostname"), problems);
    NameForm.DNS_SUBDOMAIN.check(endpoint.at("nodeName"), problems);
  }

  private static void checkAddress(Field field, String type, Problems problems) {
    IpAddress address = IpAddress.tryParse(field.textOr("")).orElse(null);
    if (address == null || address.isIpv4() != type.equals("IPv4")) {
      problems.invalid(
          field, field.shown() + " is no " + type + " address; write one, or change addressType");
    } else if (address.isLoopback() || address.isMulticast() || isUnspecified(address)) {
      problems.invalid(
          field, field.shown() + " cannot be reached by other nodes; write the endpoint's own");
    }
  }

  private static boolean isUnspecified(IpAddress address) {
    return address.isIpv4() ? address.ipv4Bits() == 0 : address.high() == 0 && address.low() == 0;
  }

  private static void validatePorts(List<Field> ports, Problems problems) {
    Map<String, Field> names = new HashMap<>();
    for (Field port : ports) {
      PortRules.check(port.at("port"), problems);
      PortRules.checkProtocol(port.at("protocol"), problems);
      if (port.at("name").isGiven()) {
        NameForm.DNS_LABEL.check(port.at("name"), problems);
      }
      PortRules.unique(
          port.at("name"), "port name '" + port.at("name").textOr("") + "'", names, problems);
    }
  }
}
