package io.podwire.netstack.gateway;

import io.podwire.netstack.bridge.BridgePort;
import io.podwire.netstack.bridge.VirtualBridge;
import io.podwire.netstack.flow.CachedFlow;
import io.podwire.netstack.flow.FlowCache;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.vxlan.Vtep;
import io.podwire.netstack.vxlan.VxlanTunnel;

/**
 * Sends packets of established flows on by their {@link FlowCache cached way}, and has the ways of
 * others learnt from what bridge and gateway do with them.
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
final class FastPath {

  /** Where the kernel's packets come from. */
  private static final Object KERNEL = new Object();

  private final FlowCache flows;
  private final VirtualBridge bridge;
  private final Gateway gateway;
  private final Egress egress;
  private final VxlanTunnel tunnel;

  FastPath(
      FlowCache flows, VirtualBridge bridge, Gateway gateway, Egress egress, VxlanTunnel tunnel) {
    this.flows = flows;
    this.bridge = bridge;
    this.gateway = gateway;
    this.egress = egress;
    this.tunnel = tunnel;
  }

  void receiveFromPod(BridgePort port, Frame frame, long nowMillis) {
    CachedFlow flow = flows.take(port, frame, nowMillis);
    if (flow != null) {
      port.counters().received(frame);
      send(flow, frame);
      return;
    }
    // Of the others the bridge may learn something with each frame.
    if (flows.isWatching(frame) && bridge.pinned(flows.sourceMac()) == null) {
      flows.ignore();
    }
    bridge.receive(port, frame, nowMillis);
    flows.learn(gateway.packet());
  }

  void receiveFromKernel(Frame frame, long nowMillis) {
    CachedFlow flow = flows.take(KERNEL, frame, nowMillis);
    if (flow != null) {
      egress.kernelCounters().received(frame);
      send(flow, frame);
      return;
    }
    gateway.receiveFromKernel(frame, nowMillis);
    flows.learn(gateway.packet());
  }

  void receiveFromTunnel(Vtep peer, Frame frame, long nowMillis) {
    CachedFlow flow = flows.take(peer, frame, nowMillis);
    if (flow != null) {
      send(flow, frame);
      return;
    }
    gateway.receiveFromTunnel(peer, frame, nowMillis);
    flows.learn(gateway.packet());
  }

  private void send(CachedFlow flow, Frame frame) {
    flows.rewrite(flow, frame);
    BridgePort port = flow.port();
    Vtep peer = flow.peer();
    if (port != null) {
      bridge.deliver(port, frame);
    } else if (peer != null) {
      tunnel.send(peer, frame, flow.hash());
    } else {
      egress.sendToKernel(frame);
    }
  }
}
