package io.podwire.dns.kubernetes;

import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Service;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.dns.DnsName;
import io.podwire.packet.dns.Rdata;
import io.podwire.packet.dns.RecordType;
import io.podwire.packet.dns.ResourceRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The cluster's zone over one index: Kubernetes DNS specification 1.1.0 with the decisions of
 * CoreDNS.
 *
 * <p>Immutable and thread-safe.
 *
 * @param zone in the case of the question, which its answers keep
 */
record ClusterZone(ClusterIndex index, DnsName zone, ZoneRules rules) {

  private static final long VERSION_TTL = 28800;
  private static final String VERSION = "1.1.0";
  private static final int FULL_WEIGHT = 100;

  /** The SOA record, whose minimum is how long a negative answer may be kept (RFC 2308). */
  ResourceRecord soa() {
    return ResourceRecord.of(
        zone,
        rules.ttl(),
        new Rdata.Soa(
            zone.child("dns").child("ns"),
            zone.child("hostmaster"),
            index.revision() & 0xffff_ffffL,
            7200,
            1800,
            86400,
            rules.ttl()));
  }

  /** What there is under a name of the zone. */
  Finding find(DnsName name, int type) {
    int count = name.labelCount() - zone.labelCount();
    if (count == 0) {
      return apex(name, type);
    }
    String branch = name.lowerLabel(count - 1);
    return switch (branch) {
      case "svc" -> service(name, count - 1, type);
      case "pod" -> pod(name, count - 1, type);
      case "dns" -> nameServer(name, count - 1, type);
      case "dns-version" ->
          count > 1
              ? new Finding.NoName()
              : type == RecordType.TXT
                  ? Finding.Found.of(
                      List.of(
                          ResourceRecord.of(name, VERSION_TTL, new Rdata.Txt(List.of(VERSION)))))
                  : new Finding.NoData();
      default -> new Finding.NoName();
    };
  }

  private Finding apex(DnsName name, int type) {
    DnsName server = zone.child("dns").child("ns");
    return switch (type) {
      case RecordType.SOA -> Finding.Found.of(List.of(soa()));
      case RecordType.NS ->
          new Finding.Found(
              List.of(ResourceRecord.of(name, rules.ttl(), new Rdata.Ns(server))),
              addressRecords(server, List.of(index.config().dnsAddress())));
      default -> new Finding.NoData();
    };
  }

  private Finding nameServer(DnsName name, int left, int type) {
    if (left == 0) {
      return new Finding.NoData();
    }
    return left == 1 && name.lowerLabel(0).equals("ns")
        ? addresses(name, List.of(index.config().dnsAddress()), type)
        : new Finding.NoName();
  }

  private Finding pod(DnsName name, int left, int type) {
    if (left == 0) {
      return new Finding.NoData();
    }
    String namespace = name.lowerLabel(left - 1);
    if (rules.pods() == ZoneRules.PodMode.DISABLED || left > 2 || !hasNamespace(namespace)) {
      return new Finding.NoName();
    }
    return left == 1
        ? new Finding.NoData()
        : undashed(name.lowerLabel(0))
            .filter(address -> isPod(namespace, address))
            .map(address -> addresses(name, List.of(address), type))
            .orElseGet(Finding.NoName::new);
  }

  private boolean isPod(String namespace, IpAddress address) {
    return rules.pods() == ZoneRules.PodMode.INSECURE
        || index.podsWith(address).stream()
            .filter(pod -> pod.namespace().equals(namespace))
            .anyMatch(pod -> rules.labels().matches(index.podLabels(pod)));
  }

  private boolean hasNamespace(String namespace) {
    return index.hasNamespace(namespace) && showsNamespace(namespace);
  }

  /** A namespace that is not known yet has no labels. */
  private boolean showsNamespace(String namespace) {
    return rules.lists(namespace)
        && (rules.namespaceLabels().isAll()
            || rules.namespaceLabels().matches(index.namespaceLabels(namespace)));
  }

  /** The address in a Pod's label; three single dashes make it IPv4. */
  private static Optional<IpAddress> undashed(String label) {
    boolean ipv4 = label.chars().filter(c -> c == '-').count() == 3 && !label.contains("--");
    return IpAddress.tryParse(label.replace('-', ipv4 ? '.' : ':'));
  }

  /** The Service that a name is of or below; null where it is not about one that exists. */
  @Nullable ServiceRecords service(DnsName name) {
    int left = name.labelCount() - zone.labelCount() - 1;
    return left >= 2 && name.lowerLabel(left).equals("svc")
        ? index.service(name.lowerLabel(left - 1), name.lowerLabel(left - 2))
        : null;
  }

  private Finding service(DnsName name, int left, int type) {
    if (left == 0) {
      return new Finding.NoData();
    }
    String namespace = name.lowerLabel(left - 1);
    if (left == 1) {
      return hasNamespace(namespace) ? new Finding.NoData() : new Finding.NoName();
    }
    ServiceRecords records = shown(index.service(namespace, name.lowerLabel(left - 2)));
    if (records == null || !records.exists()) {
      return new Finding.NoName();
    }
    return switch (left) {
      case 2 -> plain(name, records, type);
      case 3 -> below(name, records, type);
      case 4 -> port(name, records, type);
      default -> new Finding.NoName();
    };
  }

  /** What the rules leave of a Service; null for nothing. */
  private @Nullable ServiceRecords shown(@Nullable ServiceRecords records) {
    if (records == null || !isShown(records.service())) {
      return null;
    }
    boolean clusterIp = !records.isExternal() && !records.service().headless();
    if (!rules.emptyServices() && clusterIp && records.labels().isEmpty()) {
      return null;
    }
    return !rules.endpoints()
        ? records.withoutEndpoints()
        : rules.podNames() ? records.namedAfterPods() : records;
  }

  private boolean isShown(Service service) {
    return showsNamespace(service.key().namespace()) && rules.labels().matches(service.labels());
  }

  private Finding plain(DnsName name, ServiceRecords records, int type) {
    if (records.isExternal()) {
      // An address in place of a name cannot be a CNAME's target.
      String target = records.service().externalName();
      return IpAddress.tryParse(target).isPresent()
          ? new Finding.NoName()
          : DnsName.tryParse(target)
              .<Finding>map(Finding.Alias::new)
              .orElseGet(Finding.NoName::new);
    }
    return type == RecordType.SRV
        ? services(name, records, records.targets())
        : addresses(name, records.addresses(), type);
  }

  private Finding below(DnsName name, ServiceRecords records, int type) {
    String label = name.lowerLabel(0);
    List<IpAddress> endpoint = records.endpoints().get(label);
    if (endpoint != null) {
      return type == RecordType.SRV
          ? services(
              name,
              records,
              records.endpointTargets().stream()
                  .filter(each -> each.endpoint().equals(label))
                  .toList())
          : addresses(name, endpoint, type);
    }
    // A name between two that exist exists too (RFC 8020).
    boolean protocol =
        records.targets().stream()
            .anyMatch(each -> !each.portName().isEmpty() && label.equals("_" + each.protocol()));
    return protocol ? new Finding.NoData() : new Finding.NoName();
  }

  /** As CoreDNS does it, the underscores may be missing, and the port's addresses be asked for. */
  private Finding port(DnsName name, ServiceRecords records, int type) {
    String port = withoutUnderscore(name.lowerLabel(0));
    String protocol = withoutUnderscore(name.lowerLabel(1));
    List<ServiceRecords.Target> targets =
        records.targets().stream()
            .filter(each -> !each.portName().isEmpty())
            .filter(each -> port.equals(each.portName()) && protocol.equals(each.protocol()))
            .toList();
    if (targets.isEmpty()) {
      return new Finding.NoName();
    }
    return type == RecordType.SRV
        ? services(name, records, targets)
        : addresses(
            name, targets.stream().map(ServiceRecords.Target::address).distinct().toList(), type);
  }

  private static String withoutUnderscore(String label) {
    return label.startsWith("_") ? label.substring(1) : label;
  }

  private Finding services(
      DnsName name, ServiceRecords records, List<ServiceRecords.Target> targets) {
    Set<ResourceRecord> answers = new LinkedHashSet<>();
    Set<ResourceRecord> additional = new LinkedHashSet<>();
    int weight = Math.max(1, FULL_WEIGHT / Math.max(1, targets.size()));
    for (ServiceRecords.Target target : targets) {
      Optional<DnsName> host = host(records.service().key(), target.endpoint());
      if (host.isPresent()) {
        answers.add(
            ResourceRecord.of(
                name, rules.ttl(), new Rdata.Srv(0, weight, target.port(), host.get())));
        additional.addAll(addressRecords(host.get(), List.of(target.address())));
      }
    }
    return answers.isEmpty()
        ? new Finding.NoData()
        : new Finding.Found(List.copyOf(answers), List.copyOf(additional));
  }

  private Finding addresses(DnsName name, Collection<IpAddress> addresses, int type) {
    List<ResourceRecord> answers =
        addressRecords(name, addresses).stream().filter(each -> each.type() == type).toList();
    return answers.isEmpty() ? new Finding.NoData() : Finding.Found.of(answers);
  }

  private List<ResourceRecord> addressRecords(DnsName name, Collection<IpAddress> addresses) {
    return addresses.stream()
        .map(each ->
            ResourceRecord.of(
                name, rules.ttl(), each.isIpv4() ? new Rdata.A(each) : new Rdata.Aaaa(each)))
        .toList();
  }

  /**
   * The names that an address leads back to: its Service's, else one per Service of an endpoint.
   */
  List<DnsName> names(IpAddress address) {
    ObjectName service = index.clusterIpOwner(address);
    List<DnsName> names = new ArrayList<>();
    ServiceRecords owned = service == null ? null : index.service(service);
    if (service != null && owned != null && isShown(owned.service())) {
      host(service, "").ifPresent(names::add);
      return names;
    }
    for (ObjectName owner : index.endpointOwners(address)) {
      ServiceRecords records = shown(index.service(owner.namespace(), owner.name()));
      String label = records == null ? null : records.labels().get(address);
      if (label != null) {
        host(owner, label).ifPresent(names::add);
      }
    }
    return names;
  }

  /** Empty where a name of a manifest is no DNS label. */
  private Optional<DnsName> host(ObjectName service, String endpoint) {
    Optional<DnsName> name =
        zone.child("svc")
            .tryChild(service.namespace())
            .flatMap(parent -> parent.tryChild(service.name()));
    return endpoint.isEmpty() ? name : name.flatMap(parent -> parent.tryChild(endpoint));
  }
}
