package io.podwire.sandbox;

import io.podwire.cluster.attach.PodNetwork;
import io.podwire.linux.Errno;
import io.podwire.linux.LinuxException;
import io.podwire.linux.Netlink;
import io.podwire.linux.Route;
import io.podwire.linux.Sysctl;
import io.podwire.linux.Tap;
import io.podwire.packet.addr.IpAddress;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * The Pod's interface in the calling thread's network namespace: a TAP whose other end the agent
 * gets.
 *
 * <p>Starts no threads, so that it may be used on a thread that has entered a namespace.
 */
public final class PodInterface {

  private static final String NO_RIGHTS =
      "making the interface %s needs the capability NET_ADMIN here; run the container with"
          + " --cap-add NET_ADMIN (compose: cap_add: [NET_ADMIN]), or be root";
  private static final String BEST_EFFORT_OFF = "net.ipv6.conf.default.disable_ipv6";

  private PodInterface() {}

  /** Makes the TAP; a {@link Unusable} says why that cannot be. */
  public static Tap make(String name) {
    if (exists(name)) {
      throw new Unusable(
          "the interface "
              + name
              + " is there already; take a network namespace of its own (docker run --network none,"
              + " compose network_mode: none), or another interface name",
          true);
    }
    preferIpv4();
    try {
      return Tap.open(name);
    } catch (LinuxException e) {
      boolean rights = e.errno() == Errno.EPERM && !e.call().equals("open");
      throw new Unusable(
          rights ? NO_RIGHTS.formatted(name) : String.valueOf(e.getMessage()), false);
    } catch (IllegalArgumentException e) {
      throw new Unusable(String.valueOf(e.getMessage()), false);
    }
  }

  /** The interface cannot be made. */
  public static final class Unusable extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final boolean present;

    Unusable(String message, boolean present) {
      super(message);
      this.present = present;
    }

    /** Whether for one of that name that is there already. */
    public boolean isPresent() {
      return present;
    }
  }

  public static boolean exists(String name) {
    try (Netlink netlink = Netlink.open()) {
      return netlink.links().find(name).isPresent();
    }
  }

  /** Until the agent has given an IPv6 address; where /proc/sys is read-only it stays on. */
  private static void preferIpv4() {
    try {
      Sysctl.writeIfPresent(BEST_EFFORT_OFF, "1");
    } catch (UncheckedIOException readOnly) {
      // As in a container without privileges; names resolve to IPv4 addresses all the same.
    }
  }

  /** Gives the interface its addresses and routes, and sets it and lo up. Idempotent. */
  public static void configure(String name, PodNetwork network) {
    try (Netlink netlink = Netlink.open()) {
      netlink.links().setUp("lo");
      netlink.links().setMac(name, network.mac());
      netlink.links().setMtu(name, network.mtu());
      netlink.links().setSegmentationLimit(name, network.segmentationLimit());
      if (network.hasIpv6()) {
        allowIpv6(name);
      }
      netlink.addresses().add(name, network.address(), network.prefixLength());
      for (PodNetwork.FurtherAddress further : network.further()) {
        netlink.addresses().add(name, further.address(), further.prefixLength());
      }
      netlink.links().setUp(name);
      network
          .routes()
          .forEach(route ->
              netlink.routes().replace(Route.via(route.destination(), route.via()).through(name)));
    } catch (LinuxException e) {
      throw new Unusable(
          e.errno() == Errno.EPERM ? NO_RIGHTS.formatted(name) : String.valueOf(e.getMessage()),
          false);
    }
  }

  /** Where /proc/sys is read-only it is as whoever made the namespace has set it. */
  private static void allowIpv6(String name) {
    try {
      Sysctl.writeIfPresent("net.ipv6.conf.lo.disable_ipv6", "0");
      // Nobody else can have the addresses: no time is lost with asking.
      Sysctl.writeIfPresent("net.ipv6.conf." + name + ".accept_dad", "0");
      Sysctl.writeIfPresent("net.ipv6.conf." + name + ".accept_ra", "0");
      Sysctl.writeIfPresent("net.ipv6.conf." + name + ".disable_ipv6", "0");
    } catch (UncheckedIOException readOnly) {
      // Adding an address fails where IPv6 is off, and says so.
    }
  }

  /** What differs from how it was set up; empty is good. */
  public static List<String> differences(String name, IpAddress expected) {
    try (Netlink netlink = Netlink.open()) {
      if (netlink.links().find(name).isEmpty()) {
        return List.of("the interface " + name + " is not there");
      }
      boolean has =
          netlink.addresses().list(name).stream()
              .anyMatch(address -> address.address().equals(expected));
      return has ? List.of() : List.of(name + " does not have " + expected);
    }
  }

  /** Removes the interface, if it is there. */
  public static void remove(String name) {
    try (Netlink netlink = Netlink.open()) {
      if (netlink.links().find(name).isPresent()) {
        netlink.links().delete(name);
      }
    }
  }
}
