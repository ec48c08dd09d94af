package io.podwire.linux;

/**
 * Links, addresses, routes, rules and neighbours of one network namespace, by rtnetlink(7).
 *
 * <p>Bound to the namespace it was opened in, wherever it is used. Thread-safe.
 */
public final class Netlink implements AutoCloseable {

  private final NetlinkSocket socket = new NetlinkSocket();
  private final Links links = new Links(socket);
  private final Addresses addresses = new Addresses(socket, links);
  private final Routes routes = new Routes(socket, links);
  private final RoutingRules rules = new RoutingRules(socket);
  private final Neighbors neighbors = new Neighbors(socket, links);

  private Netlink() {}

  /** For the calling thread's namespace. */
  public static Netlink open() {
    return new Netlink();
  }

  /** For that namespace. */
  public static Netlink open(NetworkNamespace namespace) {
    return namespace.call(Netlink::new);
  }

  public Links links() {
    return links;
  }

  public Addresses addresses() {
    return addresses;
  }

  public Routes routes() {
    return routes;
  }

  public RoutingRules rules() {
    return rules;
  }

  public Neighbors neighbors() {
    return neighbors;
  }

  @Override
  public void close() {
    socket.close();
  }
}
