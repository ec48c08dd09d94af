package io.podwire.cluster.model;

import io.podwire.cluster.fault.FaultLink;
import io.podwire.cluster.fault.FaultSpec;
import io.podwire.packet.addr.Cidr;
import java.util.List;
import java.util.Locale;

/**
 * A fault as agents and DNS servers are told of it: its selectors are resolved already.
 *
 * <p>It ends at its deadline, or {@code leaseMillis} after the last word of a control plane where
 * it has none, whoever has died.
 *
 * @param key with the manifest's kind before the name, {@code networkfault/slow}: unique among all
 * @param active false once it has ended
 * @param startMillis since the epoch
 * @param deadlineMillis since the epoch; {@link Long#MAX_VALUE} where the control plane holds it
 * @param leaseMillis how long it may go on unheard of, from when an agent first hears of it
 * @param links what packet and stream effects act on
 * @param targets the Pods, {@code namespace/name}, or nodes that the other effects act on
 * @param dnsClients whose queries DNS effects act on; none means everybody's
 */
public record NetworkFault(
    ObjectName key,
    String uid,
    FaultSpec spec,
    boolean active,
    long startMillis,
    long deadlineMillis,
    long leaseMillis,
    List<FaultLink> links,
    List<String> targets,
    List<Cidr> dnsClients)
    implements ModelObject {

  public NetworkFault {
    links = List.copyOf(links);
    targets = List.copyOf(targets);
    dnsClients = List.copyOf(dnsClients);
  }

  /** The key of what was written as a manifest of this kind. */
  public static ObjectName key(String manifestKind, String namespace, String name) {
    return new ObjectName(namespace, manifestKind.toLowerCase(Locale.ROOT) + "/" + name);
  }

  @Override
  public ModelKind kind() {
    return ModelKind.NETWORK_FAULT;
  }
}
