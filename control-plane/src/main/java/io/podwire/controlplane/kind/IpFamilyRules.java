package io.podwire.controlplane.kind;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The IP families of a Service: {@code ipFamilies} and {@code ipFamilyPolicy}. */
public final class IpFamilyRules {

  public static final String SINGLE_STACK = "SingleStack";

  private static final String IPV4 = "IPv4";
  private static final String IPV6 = "IPv6";
  private static final String REQUIRE_DUAL_STACK = "RequireDualStack";
  private static final List<String> POLICIES =
      List.of(SINGLE_STACK, "PreferDualStack", REQUIRE_DUAL_STACK);

  private IpFamilyRules() {}

  /** {@code IPv4} or {@code IPv6}. */
  public static String name(boolean ipv4) {
    return ipv4 ? IPV4 : IPV6;
  }

  static void validate(Field spec, KindContext context, Problems problems) {
    Field policy = spec.at("ipFamilyPolicy");
    List<Field> families = spec.at("ipFamilies").items();
    if (ServiceRules.isExternalName(spec)) {
      for (Field given : List.of(policy, spec.at("ipFamilies"))) {
        if (given.isGiven()) {
          problems.forbidden(given, "is not allowed in a Service of type ExternalName; remove it");
        }
      }
      return;
    }
    PortRules.oneOf(policy, POLICIES, problems);
    Map<String, Field> seen = new HashMap<>();
    for (Field family : families) {
      PortRules.oneOf(family, List.of(IPV4, IPV6), problems);
      PortRules.unique(family, family.shown(), seen, problems);
    }
    List<Field> addresses = spec.at("clusterIPs").items();
    boolean several = families.size() > 1 || addresses.size() > 1;
    if (several && SINGLE_STACK.equals(policy.text())) {
      problems.invalid(
          policy,
          "'SingleStack' contradicts two families or ClusterIPs; write PreferDualStack or"
              + " RequireDualStack, or keep one of them");
    }
    checkPairs(families, addresses, problems);
    if (!isFree(spec)) {
      checkConfigured(policy, families, context, problems);
    }
  }

  private static void checkPairs(List<Field> families, List<Field> addresses, Problems problems) {
    for (int i = 0; i < Math.min(families.size(), addresses.size()); i++) {
      IpAddress address = IpAddress.tryParse(addresses.get(i).textOr("")).orElse(null);
      String family = families.get(i).textOr("");
      if (address != null && !name(address.isIpv4()).equals(family)) {
        problems.invalid(
            addresses.get(i),
            addresses.get(i).shown()
                + " is no "
                + family
                + " address, as "
                + families.get(i).path()
                + " asks for; write one, or leave ipFamilies out");
      }
    }
    if (addresses.size() > 1
        && addresses.stream()
                .map(each -> IpAddress.tryParse(each.textOr("")))
                .filter(Optional::isPresent)
                .map(each -> each.get().isIpv4())
                .distinct()
                .count()
            == 1) {
      problems.invalid(
          addresses.get(1), addresses.get(1).shown() + " is of the first one's family; remove it");
    }
  }

  /** A headless Service without a selector may have the families that its endpoints will have. */
  private static boolean isFree(Field spec) {
    return ServiceRules.isHeadless(spec) && !spec.at("selector").isGiven();
  }

  private static void checkConfigured(
      Field policy, List<Field> families, KindContext context, Problems problems) {
    List<Cidr> networks = context.config().serviceCidrs();
    if (REQUIRE_DUAL_STACK.equals(policy.text()) && networks.size() < 2) {
      problems.invalid(
          policy,
          "'RequireDualStack' needs Service networks of both families, this cluster has "
              + networks
              + "; write PreferDualStack");
    }
    for (Field family : families) {
      boolean known =
          networks.stream().anyMatch(network -> name(network.isIpv4()).equals(family.text()));
      if (!known && List.of(IPV4, IPV6).contains(family.textOr(""))) {
        problems.invalid(
            family,
            family.shown() + " has no Service network here, only " + networks + "; leave it out");
      }
    }
  }

  /**
   * Fills in what follows from the manifest and the cluster; returns the families in their order.
   *
   * @param networks the cluster's Service networks, the usual family first
   */
  public static List<String> settle(ObjectNode spec, List<Cidr> networks) {
    Field fields = new Field("spec", spec);
    Manifests.setDefault(
        spec, "ipFamilyPolicy", isFree(fields) ? REQUIRE_DUAL_STACK : SINGLE_STACK);
    List<String> families = new ArrayList<>();
    fields.at("ipFamilies").items().forEach(family -> families.add(family.textOr("")));
    for (Field address : fields.at("clusterIPs").items()) {
      IpAddress.tryParse(address.textOr(""))
          .map(ip -> name(ip.isIpv4()))
          .filter(family -> !families.contains(family))
          .ifPresent(families::add);
    }
    if (families.isEmpty()) {
      families.add(name(networks.getFirst().isIpv4()));
    }
    boolean dual = isFree(fields) || networks.size() > 1;
    if (families.size() == 1 && dual && !SINGLE_STACK.equals(fields.at("ipFamilyPolicy").text())) {
      families.add(families.getFirst().equals(IPV4) ? IPV6 : IPV4);
    }
    ArrayNode list = spec.putArray("ipFamilies");
    families.forEach(list::add);
    return families;
  }

  /** A change to SingleStack that mentions no addresses gives the second one up. */
  static void carryOver(Field old, ObjectNode spec) {
    if (!SINGLE_STACK.equals(spec.path("ipFamilyPolicy").textValue())) {
      return;
    }
    for (String list : List.of("clusterIPs", "ipFamilies")) {
      if (spec.get(list) instanceof ArrayNode items
          && items.size() > 1
          && Objects.equals(old.at(list).node(), items)) {
        items.remove(1);
      }
    }
  }

  static void validateUpdate(Field before, Field after, Problems problems) {
    Field policy = after.at("ipFamilyPolicy");
    if (policy.isGiven()
        && !SINGLE_STACK.equals(policy.text())
        && !ServiceRules.isExternalName(after)
        && after.at("ipFamilies").items().size() < before.at("ipFamilies").items().size()) {
      problems.invalid(
          policy, policy.shown() + " keeps the second family; write SingleStack to release it");
    }
  }
}
