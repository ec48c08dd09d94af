package io.podwire.cluster.reconcile;

import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Service;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which addresses Services of type LoadBalancer have: one of each of their families, from the
 * cluster's pool; what a Service has it keeps. Stateless and thread-safe.
 */
public final class LoadBalancerReconciler {

  /** Larger networks are used up to here only. */
  private static final long MAX_SIZE = 1 << 16;

  private LoadBalancerReconciler() {}

  /** Whether the cluster itself is the Service's load balancer. */
  public static boolean isManaged(Service service) {
    return service.type() == Service.Type.LOAD_BALANCER
        && service.traffic().loadBalancer().loadBalancerClass().isEmpty();
  }

  /**
   * The addresses of every Service that the cluster balances; none where none is free, or the one
   * that it asks for is another's.
   *
   * @param pool at most one range of each family
   */
  public static Map<ObjectName, List<IpAddress>> addresses(
      Collection<Service> services, List<Cidr> pool) {
    List<Service> managed =
        services.stream()
            .filter(LoadBalancerReconciler::isManaged)
            .sorted(Comparator.comparing(Service::key))
            .toList();
    Map<ObjectName, List<IpAddress>> assigned = new TreeMap<>();
    Set<IpAddress> taken = new HashSet<>();
    // What is held comes before what is asked for, and that before what is chosen.
    managed.forEach(service -> assigned.put(service.key(), kept(service, pool, taken)));
    for (Service service : managed) {
      IpAddress wish = service.traffic().loadBalancer().wish();
      List<IpAddress> addresses = assigned.getOrDefault(service.key(), List.of());
      if (wish != null
          && isUsable(wish, pool)
          && families(service).contains(wish.isIpv4())
          && !addresses.contains(wish)
          && taken.add(wish)) {
        addresses.add(wish);
      }
    }
    for (Service service : managed) {
      choose(service, assigned.getOrDefault(service.key(), List.of()), pool, taken);
    }
    return assigned;
  }

  private static List<IpAddress> kept(Service service, List<Cidr> pool, Set<IpAddress> taken) {
    List<IpAddress> kept = new ArrayList<>();
    Set<Boolean> families = families(service);
    IpAddress wish = service.traffic().loadBalancer().wish();
    for (IpAddress address : service.traffic().loadBalancer().addresses()) {
      boolean wanted = wish == null || wish.isIpv4() != address.isIpv4() || wish.equals(address);
      if (wanted && isUsable(address, pool) && families.remove(address.isIpv4())) {
        if (taken.add(address)) {
          kept.add(address);
        }
      }
    }
    return kept;
  }

  private static void choose(
      Service service, List<IpAddress> addresses, List<Cidr> pool, Set<IpAddress> taken) {
    IpAddress wish = service.traffic().loadBalancer().wish();
    for (Cidr range : pool) {
      boolean ipv4 = range.isIpv4();
      boolean has = addresses.stream().anyMatch(address -> address.isIpv4() == ipv4);
      boolean wished = wish != null && wish.isIpv4() == ipv4;
      if (families(service).contains(ipv4) && !has && !wished) {
        free(range, taken)
            .ifPresent(address -> {
              taken.add(address);
              addresses.add(address);
            });
      }
    }
  }

  private static Optional<IpAddress> free(Cidr range, Set<IpAddress> taken) {
    long last = Math.min(range.size(), MAX_SIZE) - (range.isIpv4() ? 2 : 1);
    for (long i = 1; i <= last; i++) {
      IpAddress candidate = range.address(i);
      if (!taken.contains(candidate)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  /** Neither outside of the pool nor an address that no machine may have. */
  private static boolean isUsable(IpAddress address, List<Cidr> pool) {
    return pool.stream()
        .anyMatch(range ->
            range.contains(address)
                && !address.equals(range.base())
                && !(range.isIpv4() && address.equals(range.address(range.size() - 1))));
  }

  private static Set<Boolean> families(Service service) {
    Set<Boolean> families = new HashSet<>();
    service.clusterIps().forEach(address -> families.add(address.isIpv4()));
    return families;
  }
}
