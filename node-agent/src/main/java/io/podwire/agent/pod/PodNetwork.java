package io.podwire.agent.pod;

import io.podwire.cluster.model.ObjectName;
import io.podwire.linux.Tap;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;

/**
 * The data path, as the Pods' side sees it.
 *
 * <p>Called from any thread but the data path's own; returns when done.
 */
public interface PodNetwork {

  /** The same during the agent's life. */
  NodeNetwork node();

  /** The Pod's frames come from and go to this TAP, which stays open until {@link #detach}. */
  void attach(ObjectName pod, IpAddress ip, MacAddress mac, Tap tap);

  /** The TAP is not touched any more after this; idempotent. */
  void detach(ObjectName pod);
}
