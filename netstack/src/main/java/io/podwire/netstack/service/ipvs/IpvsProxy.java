package io.podwire.netstack.service.ipvs;

import io.podwire.netstack.filter.Verdict;
import io.podwire.netstack.link.DropReason;
import io.podwire.netstack.service.AffinityTable;
import io.podwire.netstack.service.FirstPacket;
import io.podwire.netstack.service.IpvsScheduler;
import io.podwire.netstack.service.ProxyMode;
import io.podwire.netstack.service.ProxyNode;
import io.podwire.netstack.service.ProxySettings;
import io.podwire.netstack.service.ServiceEndpoint;
import io.podwire.netstack.service.ServicePort;
import io.podwire.netstack.service.ServiceProxy;
import io.podwire.netstack.service.TrafficPolicy;
import io.podwire.netstack.service.VirtualService;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * kube-proxy's ipvs mode: one look-up finds the virtual server, its scheduler the endpoint.
 *
 * <p>ClusterIPs are addresses of the node (kube-ipvs0) and answer echo requests. Not thread-safe;
 * confined to the node's event loop.
 */
public final class IpvsProxy implements ServiceProxy {

  private final IpvsScheduler scheduler;
  private final TrafficPolicy policy;
  private final AffinityTable affinity = new AffinityTable(AffinityTable.DEFAULT_CAPACITY);
  private final Set<ServicePort> servers = new LinkedHashSet<>();
  private long evaluations;

  public IpvsProxy(ProxyNode node, IpvsScheduler scheduler) {
    this.policy = new TrafficPolicy(node);
    this.scheduler = scheduler;
  }

  @Override
  public ProxySettings settings() {
    return new ProxySettings(ProxyMode.IPVS, scheduler);
  }

  @Override
  public void put(ServicePort port) {
    servers.add(port);
    if (port.plan() instanceof VirtualServer server) {
      server.update(port);
    } else {
      port.plan(new VirtualServer(scheduler));
    }
  }

  @Override
  public void remove(ServicePort port) {
    servers.remove(port);
  }

  @Override
  public Verdict decide(FirstPacket packet) {
    evaluations++;
    ServicePort port = packet.port();
    if (port == null || !(port.plan() instanceof VirtualServer server)) {
      return Verdict.ACCEPT;
    }
    Verdict verdict = policy.apply(packet, port);
    if (verdict != Verdict.ACCEPT) {
      return verdict;
    }
    ServiceEndpoint endpoint = choose(packet, port, server);
    return endpoint == null
        ? packet.reject(DropReason.SERVICE_WITHOUT_ENDPOINTS)
        : TrafficPolicy.direct(packet, endpoint);
  }

  private @Nullable ServiceEndpoint choose(
      FirstPacket packet, ServicePort port, VirtualServer server) {
    VirtualService service = port.service();
    if (service.affinitySeconds() == 0) {
      return server.schedule(packet, port, policy.isLocal());
    }
    ServiceEndpoint endpoint = affinity.lookup(packet, service, policy.eligible());
    if (endpoint == null) {
      endpoint = server.schedule(packet, port, policy.isLocal());
    }
    if (endpoint != null) {
      affinity.keep(packet, service, endpoint);
    }
    return endpoint;
  }

  @Override
  public UnusedPorts unusedPorts() {
    return UnusedPorts.OWN_ADDRESS;
  }

  @Override
  public long evaluations() {
    return evaluations;
  }

  @Override
  public void print(boolean ipv4, StringBuilder out) {
    String name = scheduler.name().toLowerCase(Locale.ROOT);
    for (ServicePort port : servers) {
      if (port.key().address().isIpv4() == ipv4) {
        IpvsText.print(port, name, out);
      }
    }
  }
}
