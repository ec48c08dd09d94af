package io.podwire.controlplane.kind;

import io.podwire.cluster.fault.PortRange;
import io.podwire.cluster.fault.TrafficFilter;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Which traffic a NetworkFault is for: protocol, ports and addresses at the other end. */
final class TrafficForm {

  static final int ANY_PROTOCOL = 0;
  private static final int MAX_PROTOCOL = 255;
  private static final Map<String, Integer> PROTOCOLS =
      Map.of(
          "tcp", IpProtocol.TCP,
          "udp", IpProtocol.UDP,
          "icmp", IpProtocol.ICMP,
          "sctp", IpProtocol.SCTP);
  private static final List<String> PORT_LISTS = List.of("ports", "localPorts", "peerPorts");

  private TrafficForm() {}

  static TrafficFilter filter(Field spec, FaultInput input) {
    int protocol = protocol(spec.at("protocol"), input);
    List<List<PortRange>> ports = new ArrayList<>();
    for (String name : PORT_LISTS) {
      Field list = spec.at(name);
      if (list.isGiven() && !hasPorts(protocol)) {
        input.contradiction(
            list,
            "protocol "
                + spec.at("protocol").shown()
                + " has no ports; write tcp, udp or sctp, or remove the ports");
      }
      ports.add(list.items().stream().map(item -> range(item, input)).toList());
    }
    return new TrafficFilter(
        List.of(), List.of(), protocol, ports.get(1), ports.get(2), ports.get(0));
  }

  /** Addresses and networks at the other end. */
  static List<Cidr> addresses(Field list, FaultInput input) {
    List<Cidr> addresses = new ArrayList<>();
    for (Field item : list.items()) {
      String text = item.textOr("");
      try {
        addresses.add(text.contains("/") ? Cidr.parse(text) : Cidr.host(IpAddress.parse(text)));
      } catch (IllegalArgumentException e) {
        String sentence =
            text.matches("[0-9a-fA-F.:/]*") && text.contains("/")
                ? " is no network; " + e.getMessage()
                : " is no address; write IP addresses or networks such as 192.0.2.0/24: host names"
                    + " are not resolved";
        input.problems().invalid(item, item.shown() + sentence);
      }
    }
    return addresses;
  }

  private static boolean hasPorts(int protocol) {
    return protocol == ANY_PROTOCOL
        || protocol == IpProtocol.TCP
        || protocol == IpProtocol.UDP
        || protocol == IpProtocol.SCTP;
  }

  private static int protocol(Field field, FaultInput input) {
    if (!field.isGiven()) {
      return ANY_PROTOCOL;
    }
    Integer number = field.number();
    String text = field.textOr("");
    Integer read = number != null ? number : PROTOCOLS.get(text);
    if (read == null && text.matches("[0-9]{1,3}")) {
      read = Integer.valueOf(text);
    }
    if (read == null || read < 1 || read > MAX_PROTOCOL) {
      input
          .problems()
          .invalid(
              field,
              field.shown()
                  + " is no protocol; write tcp, udp, icmp, sctp or a number from 1 to 255");
      return ANY_PROTOCOL;
    }
    return read;
  }

  private static PortRange range(Field item, FaultInput input) {
    Integer number = item.number();
    String text = number != null ? number.toString() : item.textOr("");
    String[] ends = text.split("-", 2);
    int first = port(ends[0]);
    int last = ends.length == 1 ? first : port(ends[1]);
    if (first < 1 || last < first) {
      input
          .problems()
          .invalid(
              item,
              item.shown() + " is no port; write a number from 1 to 65535, or two as 8000-8100");
      return new PortRange(0, 0);
    }
    return new PortRange(first, last);
  }

  private static int port(String text) {
    int port = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
    return PortRules.isPort(port) ? port : 0;
  }
}
