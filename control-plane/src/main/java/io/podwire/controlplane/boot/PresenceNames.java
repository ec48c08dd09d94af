package io.podwire.controlplane.boot;

import io.podwire.controlplane.sync.NodeNames;
import io.podwire.controlplane.zookeeper.Presence;
import java.util.Optional;

/** Node names as ephemeral znodes, so that they are taken on every control plane at once. */
record PresenceNames(Presence nodes, String holder) implements NodeNames {

  @Override
  public Optional<String> take(String node, String instance, String address) {
    return nodes
        .hold(new Presence.Session(node, instance, address, holder))
        .map(Presence.Session::address);
  }

  @Override
  public void release(String node, String instance, String address) {
    nodes.release(new Presence.Session(node, instance, address, holder));
  }
}
