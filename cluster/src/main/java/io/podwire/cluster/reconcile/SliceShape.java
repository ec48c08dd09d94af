package io.podwire.cluster.reconcile;

import io.podwire.cluster.model.EndpointSlice;
import java.util.List;

/** What the endpoints of one slice have in common: the family and the resolved ports. */
record SliceShape(boolean ipv4, List<EndpointSlice.Port> ports) {

  SliceShape {
    ports = List.copyOf(ports);
  }

  /** The shape of a slice; without endpoints it counts as one of IPv4. */
  static SliceShape of(EndpointSlice slice) {
    boolean ipv4 =
        slice.endpoints().isEmpty() || slice.endpoints().get(0).addresses().get(0).isIpv4();
    return new SliceShape(ipv4, slice.ports());
  }

  /** The same for equal shapes, and what names are made from. */
  String text() {
    return (ipv4 ? "4" : "6") + ports;
  }
}
