package io.podwire.dns.kubernetes;

import io.podwire.cluster.model.ClusterConfig;
import io.podwire.cluster.model.ClusterUpdate;
import io.podwire.cluster.model.EndpointSlice;
import io.podwire.cluster.model.ModelKind;
import io.podwire.cluster.model.ModelObject;
import io.podwire.cluster.model.Namespace;
import io.podwire.cluster.model.NetworkFault;
import io.podwire.cluster.model.Node;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Pod;
import io.podwire.cluster.model.Service;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.dns.DnsName;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Everything that DNS knows of the cluster at one revision.
 *
 * <p>Immutable and thread-safe; a delta makes a new index that shares all that it does not touch.
 */
final class ClusterIndex {
  static final DnsName DEFAULT_ZONE = DnsName.parse("cluster.local");

  private final ClusterConfig config;
  private final DnsName zone;
  private final Edition edition;
  private final ShardedMap<String, Namespace> namespaces;
  private final ShardedMap<ObjectName, ServiceEntry> services;

  /** The Service that each slice was last counted for; a slice's label can change. */
  private final ShardedMap<ObjectName, ObjectName> sliceOwners;

  private final ShardedMap<IpAddress, ObjectName> clusterIps;
  private final ShardedMap<IpAddress, Set<ObjectName>> endpointIps;
  private final PodAddresses pods;

  private ClusterIndex(
      ClusterConfig config,
      DnsName zone,
      Edition edition,
      ShardedMap<String, Namespace> namespaces,
      ShardedMap<ObjectName, ServiceEntry> services,
      ShardedMap<ObjectName, ObjectName> sliceOwners,
      ShardedMap<IpAddress, ObjectName> clusterIps,
      ShardedMap<IpAddress, Set<ObjectName>> endpointIps,
      PodAddresses pods) {
    this.config = config;
    this.zone = zone;
    this.edition = edition;
    this.namespaces = namespaces;
    this.services = services;
    this.sliceOwners = sliceOwners;
    this.clusterIps = clusterIps;
    this.endpointIps = endpointIps;
    this.pods = pods;
  }

  static ClusterIndex of(ClusterUpdate.Snapshot snapshot) {
    ClusterIndex index =
        new ClusterIndex(
            snapshot.config(),
            DnsName.tryParse(snapshot.config().zone()).orElse(DEFAULT_ZONE),
            new Edition(snapshot.revision()),
            ShardedMap.empty(),
            ShardedMap.empty(),
            ShardedMap.empty(),
            ShardedMap.empty(),
            ShardedMap.empty(),
            PodAddresses.NONE);
    for (ModelObject object : snapshot.objects()) {
      index = index.with(object);
    }
    return index;
  }

  ClusterIndex apply(ClusterUpdate.Delta delta) {
    ClusterIndex index =
        new ClusterIndex(
            config,
            zone,
            new Edition(delta.revision()),
            namespaces,
            services,
            sliceOwners,
            clusterIps,
            endpointIps,
            pods);
    for (ClusterUpdate.Change change : delta.changes()) {
      index =
          switch (change) {
            case ClusterUpdate.Upsert upsert -> index.with(upsert.object());
            case ClusterUpdate.Removal removal -> index.without(removal.kind(), removal.key());
          };
    }
    return index;
  }

  private ClusterIndex with(ModelObject object) {
    return switch (object) {
      case Namespace namespace -> withNamespace(namespace.name(), namespace);
      case Service service -> withEntry(service.key(), entry(service.key()).withService(service));
      case EndpointSlice slice -> withSlice(slice);
      case Pod pod -> withPods(pods.with(pod));
      case Node node -> this;
      case NetworkFault fault -> this;
    };
  }

  private ClusterIndex without(ModelKind kind, ObjectName key) {
    return switch (kind) {
      case NAMESPACE -> withNamespace(key.name(), null);
      case SERVICE -> withEntry(key, entry(key).withService(null));
      case ENDPOINT_SLICE -> withoutSlice(key);
      case POD -> withPods(pods.without(key));
      case NODE, NETWORK_FAULT -> this;
    };
  }

  private ClusterIndex withPods(PodAddresses others) {
    return new ClusterIndex(
        config, zone, edition, namespaces, services, sliceOwners, clusterIps, endpointIps, others);
  }

  private ClusterIndex withNamespace(String name, @Nullable Namespace namespace) {
    return new ClusterIndex(
        config,
        zone,
        edition,
        namespaces.with(name, namespace),
        services,
        sliceOwners,
        clusterIps,
        endpointIps,
        pods);
  }

  private ClusterIndex withSlice(EndpointSlice slice) {
    ObjectName owner = new ObjectName(slice.key().namespace(), slice.serviceName());
    ObjectName before = sliceOwners.get(slice.key());
    ClusterIndex cleared =
        before == null || before.equals(owner) ? this : withoutSlice(slice.key());
    return cleared
        .withSliceOwner(slice.key(), owner)
        .withEntry(owner, cleared.entry(owner).withSlice(slice));
  }

  private ClusterIndex withoutSlice(ObjectName key) {
    ObjectName owner = sliceOwners.get(key);
    return owner == null
        ? this
        : withSliceOwner(key, null).withEntry(owner, entry(owner).withoutSlice(key));
  }

  private ClusterIndex withSliceOwner(ObjectName slice, @Nullable ObjectName owner) {
    return new ClusterIndex(
        config,
        zone,
        edition,
        namespaces,
        services,
        sliceOwners.with(slice, owner),
        clusterIps,
        endpointIps,
        pods);
  }

  private ServiceEntry entry(ObjectName key) {
    ServiceEntry entry = services.get(key);
    return entry == null ? ServiceEntry.EMPTY : entry;
  }

  /** Replaces what is known of a Service, and the addresses that lead back to it. */
  private ClusterIndex withEntry(ObjectName key, ServiceEntry entry) {
    ServiceRecords before = entry(key).records();
    ServiceRecords after = entry.records();
    return new ClusterIndex(
        config,
        zone,
        edition,
        namespaces,
        services.with(key, entry.isEmpty() ? null : entry),
        sliceOwners,
        withClusterIps(key, before, after),
        withEndpointIps(key, before, after),
        pods);
  }

  private ShardedMap<IpAddress, ObjectName> withClusterIps(
      ObjectName key, @Nullable ServiceRecords before, @Nullable ServiceRecords after) {
    List<IpAddress> old = before == null ? List.of() : before.service().clusterIps();
    List<IpAddress> now = after == null ? List.of() : after.service().clusterIps();
    if (old.equals(now)) {
      return clusterIps;
    }
    ShardedMap<IpAddress, ObjectName> changed = clusterIps;
    for (IpAddress address : old) {
      changed = changed.with(address, owner -> key.equals(owner) ? null : owner);
    }
    for (IpAddress address : now) {
      changed = changed.with(address, key);
    }
    return changed;
  }

  private ShardedMap<IpAddress, Set<ObjectName>> withEndpointIps(
      ObjectName key, @Nullable ServiceRecords before, @Nullable ServiceRecords after) {
    Set<IpAddress> old = before == null ? Set.of() : before.labels().keySet();
    Set<IpAddress> now = after == null ? Set.of() : after.labels().keySet();
    ShardedMap<IpAddress, Set<ObjectName>> changed = endpointIps;
    for (IpAddress address : old) {
      if (!now.contains(address)) {
        changed = changed.with(address, keys -> changed(keys, key, false));
      }
    }
    for (IpAddress address : now) {
      if (!old.contains(address)) {
        changed = changed.with(address, keys -> changed(keys, key, true));
      }
    }
    return changed;
  }

  private static @Nullable Set<ObjectName> changed(
      @Nullable Set<ObjectName> keys, ObjectName key, boolean present) {
    Set<ObjectName> copy = keys == null ? new TreeSet<>() : new TreeSet<>(keys);
    if (present) {
      copy.add(key);
    } else {
      copy.remove(key);
    }
    return copy.isEmpty() ? null : copy;
  }

  ClusterConfig config() {
    return config;
  }

  /** The zone that the cluster says is its own. */
  DnsName zone() {
    return zone;
  }

  long revision() {
    return edition.revision;
  }

  /** What tells this index from every other one, and holds nothing of it in memory. */
  Edition edition() {
    return edition;
  }

  boolean hasNamespace(String name) {
    return namespaces.get(name) != null;
  }

  /** None where there is no such namespace. */
  Map<String, String> namespaceLabels(String name) {
    Namespace namespace = namespaces.get(name);
    return namespace == null ? Map.of() : namespace.labels();
  }

  /** Null where there is no such Service. */
  @Nullable ServiceRecords service(String namespace, String name) {
    return service(new ObjectName(namespace, name));
  }

  /** Null where there is no such Service. */
  @Nullable ServiceRecords service(ObjectName key) {
    return entry(key).records();
  }

  /** The Service with this ClusterIP, null where there is none. */
  @Nullable ObjectName clusterIpOwner(IpAddress address) {
    return clusterIps.get(address);
  }

  /** The Services that have an endpoint with this address, in order of their names. */
  Set<ObjectName> endpointOwners(IpAddress address) {
    Set<ObjectName> owners = endpointIps.get(address);
    return owners == null ? Set.of() : owners;
  }

  /** The Pods that have an address now. */
  Set<ObjectName> podsWith(IpAddress address) {
    return pods.owners(address);
  }

  /** None where the Pod has no address. */
  Map<String, String> podLabels(ObjectName pod) {
    return pods.labels(pod);
  }

  /** The identity of an index; two of the same revision are not the same. */
  static final class Edition {
    private final long revision;

    private Edition(long revision) {
      this.revision = revision;
    }
  }

  /** What is held of one Service; its slices may come before it and go after it. */
  private record ServiceEntry(
      @Nullable Service service,
      Map<ObjectName, EndpointSlice> slices,
      @Nullable ServiceRecords records) {
    static final ServiceEntry EMPTY = of(null, Map.of());

    static ServiceEntry of(@Nullable Service service, Map<ObjectName, EndpointSlice> slices) {
      return new ServiceEntry(
          service, slices, service == null ? null : ServiceRecords.of(service, slices.values()));
    }

    ServiceEntry withService(@Nullable Service other) {
      return of(other, slices);
    }

    ServiceEntry withSlice(EndpointSlice slice) {
      Map<ObjectName, EndpointSlice> copy = new TreeMap<>(slices);
      copy.put(slice.key(), slice);
      return of(service, copy);
    }

    ServiceEntry withoutSlice(ObjectName key) {
      Map<ObjectName, EndpointSlice> copy = new TreeMap<>(slices);
      copy.remove(key);
      return of(service, copy);
    }

    boolean isEmpty() {
      return service == null && slices.isEmpty();
    }
  }
}
