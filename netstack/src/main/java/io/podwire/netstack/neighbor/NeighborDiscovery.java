package io.podwire.netstack.neighbor;

import io.podwire.netstack.link.Frame;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A router's answers to neighbour solicitations (RFC 4861, section 7.2.4): for its own addresses,
 * or as a proxy for everybody else's (section 7.2.8).
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
public final class NeighborDiscovery {

  private final MacAddress mac;
  private final List<IpAddress> addresses;
  private final boolean proxy;
  private final DiscoveryView view = new DiscoveryView();

  private NeighborDiscovery(MacAddress mac, List<IpAddress> addresses, boolean proxy) {
    this.mac = mac;
    this.addresses = List.copyOf(addresses);
    this.proxy = proxy;
  }

  /** Answers for these addresses. */
  public static NeighborDiscovery of(MacAddress mac, List<IpAddress> addresses) {
    return new NeighborDiscovery(mac, addresses, false);
  }

  /** Answers for all addresses but these, which are those of whoever asks. */
  public static NeighborDiscovery forAllBut(MacAddress mac, List<IpAddress> addresses) {
    return new NeighborDiscovery(mac, addresses, true);
  }

  /** The advertisement that answers an IPv6 frame, or null where it asks for something else. */
  public @Nullable Frame answer(Frame question) {
    return view.read(question) ? answer(view) : null;
  }

  /** As {@link #answer(Frame)}, for a message that was read already. */
  public @Nullable Frame answer(DiscoveryView question) {
    if (!question.isSolicitation() || isListed(question) == proxy) {
      return null;
    }
    // Who is about to take an address must not hear from a proxy that it is taken.
    return proxy && question.isFromUnspecified()
        ? null
        : DiscoveryFrames.advertisement(question, mac);
  }

  private boolean isListed(DiscoveryView question) {
    for (int i = 0; i < addresses.size(); i++) {
      if (question.isFor(addresses.get(i))) {
        return true;
      }
    }
    return false;
  }
}
