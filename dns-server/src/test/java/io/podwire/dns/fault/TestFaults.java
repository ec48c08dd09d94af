package io.podwire.dns.fault;

import io.podwire.cluster.fault.DnsEffect;
import io.podwire.cluster.fault.FaultSpec;
import io.podwire.cluster.model.ClusterUpdate;
import io.podwire.cluster.model.NetworkFault;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Words to describe DNS faults in tests. */
final class TestFaults {
  static final long LEASE_MILLIS = 10_000;

  private TestFaults() {}

  static DnsEffect effect(DnsEffect.Action action, String... patterns) {
    return new DnsEffect(
        action, List.of(patterns), List.of(), List.of(), Duration.ofMillis(50), 1.0);
  }

  static DnsEffect typed(DnsEffect effect, String... types) {
    return new DnsEffect(
        effect.action(),
        effect.patterns(),
        List.of(types),
        effect.addresses(),
        effect.delay(),
        effect.probability());
  }

  static DnsEffect addressed(DnsEffect effect, String... addresses) {
    return new DnsEffect(
        effect.action(),
        effect.patterns(),
        effect.queryTypes(),
        Arrays.stream(addresses).map(IpAddress::parse).toList(),
        effect.delay(),
        effect.probability());
  }

  static DnsEffect delayed(DnsEffect effect, Duration delay) {
    return new DnsEffect(
        effect.action(),
        effect.patterns(),
        effect.queryTypes(),
        effect.addresses(),
        delay,
        effect.probability());
  }

  static DnsEffect likely(DnsEffect effect, double probability) {
    return new DnsEffect(
        effect.action(),
        effect.patterns(),
        effect.queryTypes(),
        effect.addresses(),
        effect.delay(),
        probability);
  }

  /** Held by the control plane. */
  static NetworkFault fault(String name, DnsEffect effect, String... clients) {
    return new NetworkFault(
        NetworkFault.key("NetworkFault", "demo", name),
        "uid-" + name,
        new FaultSpec(42, List.of(), List.of(), effect, null, null),
        true,
        0,
        Long.MAX_VALUE,
        LEASE_MILLIS,
        List.of(),
        List.of(),
        Arrays.stream(clients).map(Cidr::parse).toList());
  }

  static NetworkFault between(NetworkFault fault, long startMillis, long deadlineMillis) {
    return new NetworkFault(
        fault.key(),
        fault.uid(),
        fault.spec(),
        fault.active(),
        startMillis,
        deadlineMillis,
        fault.leaseMillis(),
        fault.links(),
        fault.targets(),
        fault.dnsClients());
  }

  static NetworkFault ended(NetworkFault fault) {
    return new NetworkFault(
        fault.key(),
        fault.uid(),
        fault.spec(),
        false,
        fault.startMillis(),
        fault.deadlineMillis(),
        fault.leaseMillis(),
        fault.links(),
        fault.targets(),
        fault.dnsClients());
  }

  static ClusterUpdate.Delta told(NetworkFault... faults) {
    return new ClusterUpdate.Delta(
        2, Arrays.stream(faults).<ClusterUpdate.Change>map(ClusterUpdate.Upsert::new).toList());
  }

  static ClusterUpdate.Delta removed(NetworkFault fault) {
    return new ClusterUpdate.Delta(
        3, List.of(new ClusterUpdate.Removal(fault.kind(), fault.key())));
  }
}
