package io.podwire.agent.boot;

import io.podwire.agent.boot.AgentConfig.InvalidConfig;
import io.podwire.linux.InterfaceAddress;
import io.podwire.linux.Link;
import io.podwire.linux.Netlink;
import io.podwire.packet.addr.IpAddress;
import java.util.List;

/** The node's link to the node network: its name, and the MTU that Pods' MTU follows from. */
record NodeLink(String name, int mtu) {

  /** The link that has the node's address, in this process's network namespace. */
  static NodeLink of(IpAddress address) {
    try (Netlink netlink = Netlink.open()) {
      int index =
          netlink.addresses().list().stream()
              .filter(present -> present.address().equals(address))
              .mapToInt(InterfaceAddress::link)
              .findFirst()
              .orElseThrow(() ->
                  new InvalidConfig(
                      List.of(
                          "--address: no link here has "
                              + address
                              + "; give an address of this machine or container")));
      Link link =
          netlink.links().list().stream()
              .filter(candidate -> candidate.index() == index)
              .findFirst()
              .orElseThrow();
      return new NodeLink(link.name(), link.mtu());
    }
  }
}
