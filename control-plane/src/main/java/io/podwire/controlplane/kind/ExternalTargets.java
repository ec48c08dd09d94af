package io.podwire.controlplane.kind;

import io.podwire.cluster.fault.PortRange;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Chaos Mesh's {@code externalTargets}: addresses and networks, each with a TCP port or without
 * one.
 *
 * @param protocol TCP where there is a port, which is then one for all of them; 0 otherwise
 */
record ExternalTargets(List<Cidr> networks, int protocol, List<PortRange> ports) {

  private static final Pattern WITH_PORT =
      Pattern.compile("(?:([^:]*)|\\[([0-9a-fA-F:.]*)\\](/[0-9]+)?):([0-9]{1,5})");

  static ExternalTargets read(Field list, boolean besideTarget, FaultInput input) {
    List<Cidr> networks = new ArrayList<>();
    OptionalInt common = OptionalInt.empty();
    boolean first = true;
    for (Field item : list.items()) {
      String text = item.textOr("");
      Matcher matcher = WITH_PORT.matcher(text);
      OptionalInt port = OptionalInt.empty();
      if (matcher.matches()) {
        port = OptionalInt.of(Integer.parseInt(matcher.group(4)));
        text =
            matcher.group(1) != null
                ? matcher.group(1)
                : matcher.group(2) + (matcher.group(3) == null ? "" : matcher.group(3));
      }
      Optional<Cidr> network = network(text);
      if (network.isEmpty()) {
        input
            .problems()
            .invalid(
                item,
                item.shown()
                    + " is no address, and host names are not resolved here; write IP addresses or"
                    + " networks such as 192.0.2.0/24");
      } else if (port.isPresent() && !PortRules.isPort(port.getAsInt())) {
        input.problems().invalid(item, item.shown() + " has no valid port; write 1 to 65535");
      } else if (first) {
        common = port;
        first = false;
      } else if (!port.equals(common)) {
        input
            .problems()
            .invalid(
                item,
                item.shown()
                    + " has another port than the targets before it, or they have none; write an"
                    + " object for each port");
      }
      if (port.isPresent() && besideTarget) {
        input.contradiction(
            item, item.shown() + " has a port, which target has not; write an object for each");
      }
      network.ifPresent(networks::add);
    }
    return common.isPresent() && PortRules.isPort(common.getAsInt())
        ? new ExternalTargets(
            networks, IpProtocol.TCP, List.of(new PortRange(common.getAsInt(), common.getAsInt())))
        : new ExternalTargets(networks, TrafficForm.ANY_PROTOCOL, List.of());
  }

  /** Host bits do not matter to Chaos Mesh. */
  private static Optional<Cidr> network(String text) {
    int slash = text.indexOf('/');
    Optional<IpAddress> address = IpAddress.tryParse(slash < 0 ? text : text.substring(0, slash));
    String length = slash < 0 ? "" : text.substring(slash + 1);
    if (slash < 0 || address.isEmpty()) {
      return address.map(Cidr::host);
    }
    return length.matches("[0-9]{1,3}") && Integer.parseInt(length) <= address.get().bitLength()
        ? Optional.of(Cidr.around(address.get(), Integer.parseInt(length)))
        : Optional.empty();
  }
}
