package io.podwire.bench.network;

import io.podwire.bench.program.Workbench;
import io.podwire.linux.Ethtool;
import io.podwire.linux.Netlink;
import io.podwire.linux.NetworkNamespace;
import io.podwire.linux.Route;
import io.podwire.packet.addr.IpAddress;

/** A Pod's namespace and the veth pair to its node; up on both ends, on no bridge yet. */
final class PodLink {
  private static final String POD_LINK = "eth0";

  private PodLink() {}

  static PodSite create(
      Workbench bench,
      NetworkNamespace node,
      String nodeLink,
      IpAddress address,
      int prefixLength) {
    NetworkNamespace pod = bench.namespace();
    try (Netlink here = Netlink.open(node);
        Netlink inside = Netlink.open(pod)) {
      here.links().createVeth(nodeLink, POD_LINK, pod);
      here.links().setMtu(nodeLink, PodNetwork.POD_MTU);
      here.links().setUp(nodeLink);
      inside.links().setUp("lo");
      inside.links().setMtu(POD_LINK, PodNetwork.POD_MTU);
      inside.addresses().add(POD_LINK, address, prefixLength);
      inside.links().setUp(POD_LINK);
    }
    return new PodSite(pod, address);
  }

  /** Has the Pod's kernel complete checksums, and so cut TCP's segments, before the link. */
  static void completeChecksums(PodSite pod) {
    pod.namespace().run(() -> Ethtool.setTransmitChecksum(POD_LINK, false));
  }

  static void defaultRoute(PodSite pod, IpAddress gateway) {
    try (Netlink inside = Netlink.open(pod.namespace())) {
      inside.routes().add(Route.defaultVia(gateway));
    }
  }
}
