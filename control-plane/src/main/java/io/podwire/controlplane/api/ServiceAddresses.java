package io.podwire.controlplane.api;

import io.podwire.cluster.ipam.ClusterIpAllocator;
import io.podwire.cluster.ipam.NodePortAllocator;
import io.podwire.packet.addr.IpAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/** Chooses free addresses for Services; the registry's claims make them unique. Thread-safe. */
public interface ServiceAddresses {

  /** A ClusterIP of a family that is not taken; empty where there is none, or none is left. */
  Optional<IpAddress> clusterIp(boolean ipv4, Predicate<IpAddress> taken);

  /** A NodePort that is not taken; empty where the range is used up. */
  OptionalInt nodePort(IntPredicate taken);

  /**
   * With Kubernetes' bands.
   *
   * @param clusterIps one for each Service network
   */
  static ServiceAddresses of(List<ClusterIpAllocator> clusterIps, NodePortAllocator nodePorts) {
    return new ServiceAddresses() {
      @Override
      public Optional<IpAddress> clusterIp(boolean ipv4, Predicate<IpAddress> taken) {
        return clusterIps.stream()
            .filter(allocator -> allocator.network().isIpv4() == ipv4)
            .findFirst()
            .flatMap(allocator -> allocator.choose(taken));
      }

      @Override
      public OptionalInt nodePort(IntPredicate taken) {
        return nodePorts.choose(taken);
      }
    };
  }
}
