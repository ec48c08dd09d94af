package io.podwire.controlplane.kind;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.packet.addr.IpAddress;
import java.util.List;

/** How traffic reaches a Service: external addresses, affinity and the two traffic policies. */
final class ServiceTrafficRules {

  private static final int MAX_AFFINITY_SECONDS = 86400;
  private static final int DEFAULT_AFFINITY_SECONDS = 10800;
  private static final List<String> POLICIES = List.of("Cluster", "Local");

  private ServiceTrafficRules() {}

  static void setDefaults(ObjectNode spec) {
    Manifests.setDefault(spec, "sessionAffinity", "None");
    String affinity = spec.path("sessionAffinity").textValue();
    if ("ClientIP".equals(affinity)) {
      ObjectNode config = Manifests.child(spec, "sessionAffinityConfig");
      Manifests.setDefault(
          Manifests.child(config, "clientIP"), "timeoutSeconds", DEFAULT_AFFINITY_SECONDS);
    } else if ("None".equals(affinity)) {
      spec.remove("sessionAffinityConfig");
    }
    Field fields = new Field("spec", spec);
    if (!ServiceRules.isExternalName(fields)) {
      Manifests.setDefault(spec, "internalTrafficPolicy", "Cluster");
    }
    if (ServiceRules.isExternallyReachable(fields)) {
      Manifests.setDefault(spec, "externalTrafficPolicy", "Cluster");
    }
  }

  static void validate(Field spec, Problems problems) {
    PortRules.oneOf(spec.at("sessionAffinity"), List.of("None", "ClientIP"), problems);
    PortRules.oneOf(spec.at("internalTrafficPolicy"), POLICIES, problems);
    Field external = spec.at("externalTrafficPolicy");
    PortRules.oneOf(external, POLICIES, problems);
    if (external.isGiven() && !ServiceRules.isExternallyReachable(spec)) {
      problems.invalid(
          external,
          "concerns types NodePort and LoadBalancer and Services with externalIPs alone; remove the"
              + " field or change spec.type");
    }
    Field timeout = spec.at("sessionAffinityConfig", "clientIP", "timeoutSeconds");
    Integer seconds = timeout.number();
    if (seconds != null && (seconds < 1 || seconds > MAX_AFFINITY_SECONDS)) {
      problems.invalid(
          timeout, seconds + " is out of range; write 1 to " + MAX_AFFINITY_SECONDS + " seconds");
    }
    spec.at("externalIPs").items().forEach(address -> checkExternal(address, problems));
  }

  /** As Kubernetes: no address that cannot be another machine's (RFC 6890). */
  private static void checkExternal(Field field, Problems problems) {
    IpAddress address = IpAddress.tryParse(field.textOr("")).orElse(null);
    if (address == null) {
      problems.invalid(field, field.shown() + " is no IP address; write one such as 192.0.2.7");
    } else if (!isElsewhere(address)) {
      problems.invalid(
          field, field.shown() + " cannot be reached from elsewhere; write a unicast address");
    }
  }

  /** Whether it can be another machine's: neither loopback, nor multicast, nor of the link. */
  static boolean isElsewhere(IpAddress address) {
    boolean unspecified =
        address.isIpv4() ? address.ipv4Bits() == 0 : address.high() == 0 && address.low() == 0;
    return !unspecified && !address.isLoopback() && !address.isMulticast() && !isLinkLocal(address);
  }

  private static boolean isLinkLocal(IpAddress address) {
    return address.isIpv4()
        ? address.ipv4Bits() >>> 16 == 0xa9fe
        : address.high() >>> 54 == 0xfe80 >>> 6;
  }
}
