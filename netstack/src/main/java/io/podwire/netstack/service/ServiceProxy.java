package io.podwire.netstack.service;

import io.podwire.netstack.filter.Packet;
import io.podwire.netstack.filter.Verdict;
import io.podwire.netstack.link.Frame;
import org.jspecify.annotations.Nullable;

/**
 * A way of balancing connections to Services, as kube-proxy has several: told of every change of
 * the Services, and asked once for each connection.
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
public interface ServiceProxy {

  ProxySettings settings();

  /**
   * Decides where the first packet of a connection goes: {@link FirstPacket#direct} names the
   * endpoint; without one the packet is not for a Service.
   */
  Verdict decide(FirstPacket packet);

  /** A Service port is new or has changed. */
  void put(ServicePort port);

  /** A Service port is gone. */
  void remove(ServicePort port);

  /** What connections to a port of a ClusterIP that is none of its Service's meet. */
  UnusedPorts unusedPorts();

  /** How many rules or tables have been looked at for packets so far. */
  long evaluations();

  /** The rules for packets of one family, as the mode's own tool prints them. */
  void print(boolean ipv4, StringBuilder out);

  /**
   * Sees a packet of a connection to a Service that travels against it, or an error about one.
   *
   * @return not {@link Verdict#ACCEPT} to keep it from the client
   */
  default Verdict answered(Packet packet, long nowMillis) {
    return Verdict.ACCEPT;
  }

  /** A packet that is to begin its way anew, or null; asked for between two packets. */
  default @Nullable Retry retry() {
    return null;
  }

  /** Ages tables; called about every second. */
  default void age(long nowMillis) {}

  /** A first packet as the client has sent it. */
  record Retry(Frame frame, boolean fromNode, long nowMillis) {}

  /** What happens to what is addressed to a ClusterIP, but not to one of its ports. */
  enum UnusedPorts {
    /** Nothing takes it: it goes where no way leads. */
    DROPPED,
    REJECTED,
    /** As {@link #REJECTED}; the address is also the node's own and answers echo requests. */
    OWN_ADDRESS
  }
}
