package io.podwire.controlplane.kind;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cluster.fault.FaultLink;
import io.podwire.cluster.fault.PortRange;
import io.podwire.cluster.fault.TrafficFilter;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * A link of a fault as its status holds it: {@code node}, {@code pod}, {@code direction}, and of
 * the filter what it says.
 */
public final class FaultLinkText {

  private FaultLinkText() {}

  /** The object for {@code status.links}. */
  public static ObjectNode write(FaultLink link) {
    ObjectNode written = ManifestJson.object();
    written.put("node", link.node());
    if (!link.pod().isEmpty()) {
      written.put("pod", link.pod());
    }
    written.put("direction", link.direction() == FaultLink.Direction.EGRESS ? "egress" : "ingress");
    TrafficFilter filter = link.filter();
    write(written, "peers", filter.peers().stream().map(FaultLinkText::text).toList());
    write(
        written,
        "excludedPeers",
        filter.excludedPeers().stream().map(FaultLinkText::text).toList());
    if (filter.protocol() != TrafficForm.ANY_PROTOCOL) {
      written.put("protocol", filter.protocol());
    }
    write(written, "localPorts", texts(filter.localPorts()));
    write(written, "peerPorts", texts(filter.peerPorts()));
    write(written, "ports", texts(filter.eitherPorts()));
    return written;
  }

  /**
   * The link that {@link #write} wrote.
   *
   * @throws IllegalArgumentException where it was somebody else
   */
  static FaultLink read(Field link) {
    Integer protocol = link.at("protocol").number();
    return new FaultLink(
        link.at("node").textOr(""),
        link.at("pod").textOr(""),
        "ingress".equals(link.at("direction").text())
            ? FaultLink.Direction.INGRESS
            : FaultLink.Direction.EGRESS,
        new TrafficFilter(
            cidrs(link.at("peers")),
            cidrs(link.at("excludedPeers")),
            protocol == null ? TrafficForm.ANY_PROTOCOL : protocol,
            ports(link.at("localPorts")),
            ports(link.at("peerPorts")),
            ports(link.at("ports"))));
  }

  /** The bare address where the network holds no other one. */
  public static String text(Cidr cidr) {
    return cidr.prefixLength() == cidr.base().bitLength()
        ? cidr.base().toString()
        : cidr.toString();
  }

  static List<Cidr> cidrs(Field list) {
    List<Cidr> cidrs = new ArrayList<>();
    for (Field item : list.items()) {
      String text = item.textOr("");
      cidrs.add(text.contains("/") ? Cidr.parse(text) : Cidr.host(IpAddress.parse(text)));
    }
    return cidrs;
  }

  private static List<PortRange> ports(Field list) {
    List<PortRange> ports = new ArrayList<>();
    for (Field item : list.items()) {
      String[] ends = item.textOr("").split("-", 2);
      ports.add(new PortRange(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1])));
    }
    return ports;
  }

  private static List<String> texts(List<PortRange> ports) {
    return ports.stream().map(PortRange::toString).toList();
  }

  private static void write(ObjectNode link, String name, List<String> texts) {
    if (!texts.isEmpty()) {
      ArrayNode list = link.putArray(name);
      texts.forEach(list::add);
    }
  }
}
