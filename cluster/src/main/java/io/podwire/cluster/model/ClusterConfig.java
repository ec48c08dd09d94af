package io.podwire.cluster.model;

import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.Vni;
import java.util.List;

/**
 * What every node and DNS server of one cluster must agree on.
 *
 * @param podCidrs the cluster's Pod networks, at most one per family
 * @param serviceCidrs the Service networks, at most one per family
 * @param zone the DNS zone without a trailing dot, such as {@code cluster.local}
 * @param dnsAddress the ClusterIP of {@code kube-dns.kube-system}
 * @param upstreams {@code address:port} of the resolvers for names outside the zone
 * @param loadBalancerCidrs the addresses of load balancers, at most one range per family
 * @param proxy how nodes balance that do not say otherwise
 */
public record ClusterConfig(
    List<Cidr> podCidrs,
    List<Cidr> serviceCidrs,
    Cidr nodeCidr,
    int nodePrefixLength,
    String zone,
    IpAddress dnsAddress,
    Vni vni,
    List<String> upstreams,
    List<Cidr> loadBalancerCidrs,
    ProxyChoice proxy) {

  /** A cluster without addresses for load balancers that balances in the usual way. */
  public ClusterConfig(
      List<Cidr> podCidrs,
      List<Cidr> serviceCidrs,
      Cidr nodeCidr,
      int nodePrefixLength,
      String zone,
      IpAddress dnsAddress,
      Vni vni,
      List<String> upstreams) {
    this(
        podCidrs,
        serviceCidrs,
        nodeCidr,
        nodePrefixLength,
        zone,
        dnsAddress,
        vni,
        upstreams,
        List.of(),
        ProxyChoice.DEFAULT);
  }

  public ClusterConfig {
    podCidrs = List.copyOf(podCidrs);
    serviceCidrs = List.copyOf(serviceCidrs);
    upstreams = List.copyOf(upstreams);
    loadBalancerCidrs = List.copyOf(loadBalancerCidrs);
  }
}
