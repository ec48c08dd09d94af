package io.podwire.controlplane.kind;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.podwire.packet.addr.IpAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Endpoints (core/v1), written by hand for a Service without a selector; EndpointSlices follow. */
final class EndpointsRules implements KindRules {

  private EndpointsRules() {}

  static Kind kind() {
    return new Kind(
        "",
        "v1",
        "Endpoints",
        "endpoints",
        "endpoints",
        List.of("ep"),
        List.of(),
        true,
        false,
        NameForm.DNS_SUBDOMAIN,
        Schema.of(Endpoints.class),
        MergeKeys.NONE,
        new EndpointsRules());
  }

  @Override
  public void setDefaults(ObjectNode manifest) {
    for (ObjectNode subset : Manifests.objects(manifest, "subsets")) {
      for (ObjectNode port : Manifests.objects(subset, "ports")) {
        Manifests.setDefault(port, "protocol", "TCP");
      }
    }
  }

  @Override
  public void initialize(ObjectNode manifest) {}

  @Override
  public void validate(Field manifest, KindContext context, Problems problems) {
    for (Field subset : manifest.at("subsets").items()) {
      List<Field> ready = subset.at("addresses").items();
      List<Field> unready = subset.at("notReadyAddresses").items();
      if (ready.isEmpty() && unready.isEmpty()) {
        problems.required(subset.at("addresses"), "write at least one address");
      }
      ready.forEach(address -> checkAddress(address, problems));
      unready.forEach(address -> checkAddress(address, problems));
      checkPorts(subset.at("ports").items(), problems);
    }
  }

  private static void checkAddress(Field address, Problems problems) {
    Field ip = address.at("ip");
    if (!ip.isGiven()) {
      problems.required(ip, "write the endpoint's address, such as 192.0.2.7");
    } else {
      IpAddress parsed = IpAddress.tryParse(ip.textOr("")).orElse(null);
      if (parsed == null) {
        problems.invalid(ip, ip.shown() + " is no IP address; write one such as 192.0.2.7");
      } else if (!ServiceTrafficRules.isElsewhere(parsed)) {
        problems.invalid(ip, ip.shown() + " cannot be reached from elsewhere; write another");
      }
    }
    NameForm.DNS_LABEL.check(address.at("hostname"), problems);
    NameForm.DNS_SUBDOMAIN.check(address.at("nodeName"), problems);
  }

  private static void checkPorts(List<Field> ports, Problems problems) {
    Map<String, Field> names = new HashMap<>();
    for (Field port : ports) {
      PortRules.checkRequired(port.at("port"), problems);
      PortRules.checkProtocol(port.at("protocol"), problems);
      NameForm.DNS_LABEL.check(port.at("name"), problems);
      if (ports.size() > 1 && !port.at("name").isGiven()) {
        problems.required(port.at("name"), "with several ports each has a name");
      }
      PortRules.unique(
          port.at("name"), "port name '" + port.at("name").textOr("") + "'", names, problems);
    }
  }
}
