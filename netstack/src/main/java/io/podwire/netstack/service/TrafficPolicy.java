package io.podwire.netstack.service;

import io.podwire.netstack.filter.Verdict;
import io.podwire.netstack.link.DropReason;
import java.util.List;

/**
 * Which of a Service port's endpoints a client may have and whether its source is replaced, for the
 * modes that decide without rule chains: what kube-proxy's chains KUBE-SVC, KUBE-SVL, KUBE-EXT and
 * KUBE-FW come to.
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
public final class TrafficPolicy {

  private final ProxyNode node;
  private List<ServiceEndpoint> eligible = List.of();
  private boolean local;

  public TrafficPolicy(ProxyNode node) {
    this.node = node;
  }

  /** Those that the last packet accepted may go to; never empty then. */
  public List<ServiceEndpoint> eligible() {
    return eligible;
  }

  /** Whether these are the node's own. */
  public boolean isLocal() {
    return local;
  }

  /** Decides {@link #eligible} and marks the packet, or refuses it. */
  public Verdict apply(FirstPacket packet, ServicePort port) {
    VirtualService service = port.service();
    if (port.endpoints().isEmpty() && port.local().isEmpty()) {
      return packet.reject(DropReason.SERVICE_WITHOUT_ENDPOINTS);
    }
    if (!service.sourceRanges().isEmpty()
        && service.frontend() == Frontend.LOAD_BALANCER
        && !isAllowed(packet, port)) {
      return packet.drop(DropReason.SERVICE_SOURCE_REFUSED);
    }
    local = service.localOnly();
    if (!service.frontend().isExternal()) {
      if (!packet.isFromPod()) {
        packet.mark();
      }
    } else if (!local) {
      packet.mark();
    } else if (packet.isFromPod()) {
      local = false;
    } else if (packet.isFromNode()) {
      packet.mark();
      local = false;
    }
    eligible = local ? port.local() : port.endpoints();
    return eligible.isEmpty()
        ? packet.drop(DropReason.SERVICE_WITHOUT_LOCAL_ENDPOINTS)
        : Verdict.ACCEPT;
  }

  /** The balancer's own address too, where the node may: the node's packets may come from it. */
  private boolean isAllowed(FirstPacket packet, ServicePort port) {
    var ranges = port.service().sourceRanges();
    if (ProxyNode.isIn(ranges, packet.source())) {
      return true;
    }
    if (!packet.source().equals(port.key().address())) {
      return false;
    }
    for (int i = 0; i < node.node().size(); i++) {
      if (ProxyNode.isIn(ranges, node.node().get(i))) {
        return true;
      }
    }
    return false;
  }

  /**
   * As the chain of an endpoint begins: a client that is its own endpoint has to be masqueraded.
   */
  public static Verdict direct(FirstPacket packet, ServiceEndpoint endpoint) {
    if (packet.source().equals(endpoint.backend().address())) {
      packet.mark();
    }
    return packet.direct(endpoint);
  }
}
