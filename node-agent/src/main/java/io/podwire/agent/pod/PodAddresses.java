package io.podwire.agent.pod;

import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The addresses of a node's Pod CIDR, handed out in turn so that a released one rests as long as
 * possible (CNI's host-local plugin).
 *
 * <p>The base address, the gateway and an IPv4 network's last address are never handed out. Not
 * thread-safe.
 */
final class PodAddresses {

  private final Cidr cidr;
  private final IpAddress gateway;
  private final Set<IpAddress> held = new HashSet<>();
  private long last;

  /**
   * @param last handed out before, wherever it lies; the gateway where there was none
   */
  PodAddresses(Cidr cidr, IpAddress gateway, IpAddress last) {
    this.cidr = cidr;
    this.gateway = gateway;
    this.last = cidr.contains(last) ? last.low() - cidr.base().low() : 0;
  }

  /** The next free one; empty where all are held. */
  Optional<IpAddress> take() {
    long end = cidr.isIpv4() ? cidr.size() - 1 : cidr.size();
    for (long tried = 0; tried < end; tried++) {
      last = last + 1 >= end ? 1 : last + 1;
      if (last >= end) {
        return Optional.empty();
      }
      IpAddress candidate = cidr.address(last);
      if (!candidate.equals(gateway) && held.add(candidate)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  /** Marks one as held by a Pod that runs already; false where it cannot be. */
  boolean occupy(IpAddress address) {
    return cidr.contains(address) && !address.equals(gateway) && held.add(address);
  }

  /** Idempotent. */
  void release(IpAddress address) {
    held.remove(address);
  }

  int heldCount() {
    return held.size();
  }
}
