package io.podwire.dns.kubernetes;

import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Pod;
import io.podwire.packet.addr.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which Pod has which address, and its labels; Pods that end have none. Immutable and thread-safe.
 */
final class PodAddresses {
  static final PodAddresses NONE = new PodAddresses(ShardedMap.empty(), ShardedMap.empty());

  private final ShardedMap<ObjectName, Holder> holders;
  private final ShardedMap<IpAddress, Set<ObjectName>> owners;

  private PodAddresses(
      ShardedMap<ObjectName, Holder> holders, ShardedMap<IpAddress, Set<ObjectName>> owners) {
    this.holders = holders;
    this.owners = owners;
  }

  /** What is held of a Pod with an address. */
  private record Holder(List<IpAddress> addresses, Map<String, String> labels) {
    static final Holder NOTHING = new Holder(List.of(), Map.of());
  }

  PodAddresses with(Pod pod) {
    return with(
        pod.key(),
        pod.terminating() || pod.podIps().isEmpty()
            ? Holder.NOTHING
            : new Holder(pod.podIps(), pod.labels()));
  }

  PodAddresses without(ObjectName pod) {
    return with(pod, Holder.NOTHING);
  }

  private PodAddresses with(ObjectName pod, Holder now) {
    Holder known = holders.get(pod);
    Holder before = known == null ? Holder.NOTHING : known;
    if (before.equals(now)) {
      return this;
    }
    ShardedMap<IpAddress, Set<ObjectName>> changed = owners;
    if (!before.addresses.equals(now.addresses)) {
      for (IpAddress address : before.addresses) {
        changed = changed.with(address, pods -> changed(pods, pod, false));
      }
      for (IpAddress address : now.addresses) {
        changed = changed.with(address, pods -> changed(pods, pod, true));
      }
    }
    return new PodAddresses(holders.with(pod, now.addresses.isEmpty() ? null : now), changed);
  }

  /** None where it has no address. */
  Map<String, String> labels(ObjectName pod) {
    Holder holder = holders.get(pod);
    return holder == null ? Map.of() : holder.labels;
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
