package io.podwire.netstack.flow;

import io.podwire.netstack.bridge.BridgePort;
import io.podwire.netstack.vxlan.Vtep;
import org.jspecify.annotations.Nullable;

/**
 * Where the packet that is watched has left.
 *
 * <p>Not thread-safe; reused for every packet.
 */
final class Exit {

  @Nullable BridgePort port;
  @Nullable Vtep peer;
  int hash;
  int mtu;
  int count;

  void clear() {
    count = 0;
  }

  void set(@Nullable BridgePort port, @Nullable Vtep peer, int hash, int mtu) {
    this.port = port;
    this.peer = peer;
    this.hash = hash;
    this.mtu = mtu;
    count++;
  }
}
