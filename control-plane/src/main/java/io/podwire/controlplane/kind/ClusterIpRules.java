package io.podwire.controlplane.kind;

import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.util.List;

/** The addresses of a Service that a manifest names itself. */
final class ClusterIpRules {

  private ClusterIpRules() {}

  static void validate(Field spec, KindContext context, Problems problems) {
    Field single = spec.at("clusterIP");
    List<Field> several = spec.at("clusterIPs").items();
    if (ServiceRules.isExternalName(spec)) {
      if (single.isGiven()) {
        problems.forbidden(
            single,
            single.shown() + " is not allowed in a Service of type ExternalName; remove it");
      }
      return;
    }
    if (ServiceRules.isHeadless(spec) && ServiceRules.hasNodePorts(spec)) {
      problems.invalid(
          single,
          "'None' is not allowed in a Service of type "
              + spec.at("type").textOr("")
              + "; remove it or write type: ClusterIP");
    }
    if (single.isGiven()
        && !several.isEmpty()
        && !single.textOr("").equals(several.getFirst().text())) {
      problems.invalid(
          single,
          single.shown() + " differs from clusterIPs[0]; write the same or leave clusterIPs out");
    }
    if (several.size() > context.config().serviceCidrs().size()) {
      problems.invalid(
          spec.at("clusterIPs"),
          several.size()
              + " addresses are too many; write one for each Service network "
              + context.config().serviceCidrs());
    }
    checkAddress(single, context, problems);
    for (Field address : several) {
      if (!address.textOr("").equals(single.text())) {
        checkAddress(address, context, problems);
      }
    }
  }

  private static void checkAddress(Field field, KindContext context, Problems problems) {
    String text = field.text();
    if (text == null || text.isEmpty() || text.equals(ServiceRules.NONE)) {
      return;
    }
    List<Cidr> ranges = context.config().serviceCidrs();
    IpAddress address = IpAddress.tryParse(text).orElse(null);
    if (address == null) {
      problems.invalid(
          field,
          field.shown()
              + " is no IP address; write one within "
              + ranges
              + ", None, or leave the field out");
      return;
    }
    Cidr range = ranges.stream().filter(cidr -> cidr.contains(address)).findFirst().orElse(null);
    if (range == null) {
      problems.invalid(
          field, field.shown() + " lies outside the Service networks; choose one within " + ranges);
    } else if (isReserved(range, address)) {
      problems.invalid(
          field,
          field.shown()
              + " is the base or broadcast address of "
              + range
              + "; choose one in between");
    }
  }

  private static boolean isReserved(Cidr range, IpAddress address) {
    return address.equals(range.base())
        || (range.isIpv4() && address.equals(range.address(range.size() - 1)));
  }
}
