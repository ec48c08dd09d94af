package io.podwire.dns.kubernetes;

import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Pod;
import io.podwire.packet.addr.IpAddress;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which Pod has which address; Pods that end have none. Immutable and thread-safe. */
final class PodAddresses {
  static final PodAddresses NONE = new PodAddresses(ShardedMap.empty(), ShardedMap.empty());

  private final ShardedMap<ObjectName, List<IpAddress>> addresses;
  private final ShardedMap<IpAddress, Set<ObjectName>> owners;

  private PodAddresses(
      ShardedMap<ObjectName, List<IpAddress>> addresses,
      ShardedMap<IpAddress, Set<ObjectName>> owners) {
    this.addresses = addresses;
    this.owners = owners;
  }

  PodAddresses with(Pod pod) {
    return with(pod.key(), pod.terminating() ? List.of() : pod.podIps());
  }

  PodAddresses without(ObjectName pod) {
    return with(pod, List.of());
  }

  private PodAddresses with(ObjectName pod, List<IpAddress> now) {
    List<IpAddress> known = addresses.get(pod);
    List<IpAddress> before = known == null ? List.of() : known;
    if (before.equals(now)) {
      return this;
    }
    ShardedMap<IpAddress, Set<ObjectName>> changed = owners;
    for (IpAddress address : before) {
      changed = changed.with(address, pods -> changed(pods, pod, false));
    }
    for (IpAddress address : now) {
      changed = changed.with(address, pods -> changed(pods, pod, true));
    }
    return new PodAddresses(addresses.with(pod, now.isEmpty() ? null : now), changed);
  }

  private static @Nullable Set<ObjectName> changed(
      @Nullable Set<ObjectName> pods, ObjectName pod, boolean present) {
    Set<ObjectName> copy = pods == null ? new TreeSet<>() : new TreeSet<>(pods);
    if (present) {
      copy.add(pod);
    } else {
      copy.remove(pod);
    }
    return copy.isEmpty() ? null : copy;
  }

  /** The Pods with an address, in order of their names; Pods on their node's network share one. */
  Set<ObjectName> owners(IpAddress address) {
    Set<ObjectName> pods = owners.get(address);
    return pods == null ? Set.of() : pods;
  }
}
