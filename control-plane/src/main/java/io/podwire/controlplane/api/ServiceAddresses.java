package io.podwire.controlplane.api;

import io.podwire.cluster.ipam.ClusterIpAllocator;
import io.podwire.cluster.ipam.NodePortAllocator;
import io.podwire.packet.addr.IpAddress;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/** Chooses free addresses for Services; the registry's claims make them unique. Thread-safe. */
public interface ServiceAddresses {

  /** A ClusterIP that is not taken; empty where the range is used up. */
  Optional<IpAddress> clusterIp(Predicate<IpAddress> taken);

  /** A NodePort that is not taken; empty where the range is used up. */
  OptionalInt nodePort(IntPredicate taken);

  /** With Kubernetes' bands. */
  static ServiceAddresses of(ClusterIpAllocator clusterIps, NodePortAllocator nodePorts) {
    return new ServiceAddresses() {
      @Override
      public Optional<IpAddress> clusterIp(Predicate<IpAddress> taken) {
        return clusterIps.choose(taken);
      }

      @Override
      public OptionalInt nodePort(IntPredicate taken) {
        return nodePorts.choose(taken);
      }
    };
  }
}
