package io.podwire.netstack.service.nftables;

import io.podwire.netstack.filter.Verdict;
import io.podwire.netstack.service.FirstPacket;
import io.podwire.netstack.service.Frontend;
import io.podwire.netstack.service.ProxyMode;
import io.podwire.netstack.service.ProxyNode;
import io.podwire.netstack.service.ProxySettings;
import io.podwire.netstack.service.ServiceEndpoint;
import io.podwire.netstack.service.ServicePort;
import io.podwire.netstack.service.ServiceProxy;
import io.podwire.netstack.service.TrafficPolicy;
import io.podwire.netstack.service.VirtualService;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * kube-proxy's nftables mode: one look-up in a verdict map finds the Service's chain, and a random
 * number in another map the endpoint's.
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
public final class NftablesProxy implements ServiceProxy {

  private static final ProxySettings SETTINGS =
      new ProxySettings(ProxyMode.NFTABLES, ProxySettings.DEFAULT.scheduler());

  /** Rules that every first packet meets, as {@link NftablesText} writes them. */
  private static final int FIREWALL_CHECK = 1;

  private static final int SERVICES = 2;
  private static final int ENDPOINTS_CHECK = 1;
  private static final int CLUSTER_IPS_CHECK = 2;

  private final ProxyNode node;
  private final TrafficPolicy policy;
  private final RandomGenerator random;
  private final Map<ServiceSets.Key, ServiceSets> services = new LinkedHashMap<>();
  private long evaluations;

  public NftablesProxy(ProxyNode node, RandomGenerator random) {
    this.node = node;
    this.policy = new TrafficPolicy(node);
    this.random = random;
  }

  @Override
  public ProxySettings settings() {
    return SETTINGS;
  }

  @Override
  public void put(ServicePort port) {
    ServiceSets.Key key = ServiceSets.Key.of(port);
    if (port.plan() instanceof ServiceSets before && !before.key().equals(key)) {
      leave(before, port);
    }
    ServiceSets sets = services.computeIfAbsent(key, ServiceSets::new);
    port.plan(sets);
    sets.put(port);
  }

  @Override
  public void remove(ServicePort port) {
    if (port.plan() instanceof ServiceSets sets) {
      leave(sets, port);
    }
  }

  private void leave(ServiceSets sets, ServicePort port) {
    if (sets.remove(port)) {
      services.remove(sets.key());
    }
  }

  @Override
  public Verdict decide(FirstPacket packet) {
    evaluations += FIREWALL_CHECK + SERVICES;
    ServicePort port = packet.port();
    if (port == null || !(port.plan() instanceof ServiceSets sets)) {
      evaluations += ENDPOINTS_CHECK + CLUSTER_IPS_CHECK;
      return Verdict.ACCEPT;
    }
    VirtualService service = port.service();
    if (service.frontend() != Frontend.NODE_PORT) {
      // A map has ended the chain before that of node ports.
      evaluations--;
    }
    if (!service.sourceRanges().isEmpty()) {
      evaluations++;
    }
    Verdict verdict = policy.apply(packet, port);
    if (verdict != Verdict.ACCEPT) {
      evaluations += ENDPOINTS_CHECK;
      return verdict;
    }
    if (service.frontend().isExternal()) {
      evaluations += rulesOfExternal(packet, service);
    }
    // The mark of what comes from outside.
    evaluations++;
    ServiceEndpoint endpoint = choose(packet, service, sets);
    // The mark of a client that reaches itself, and the translation.
    evaluations += 2;
    return TrafficPolicy.direct(packet, endpoint);
  }

  private static int rulesOfExternal(FirstPacket packet, VirtualService service) {
    if (!service.localOnly()) {
      return 2;
    }
    return packet.isFromPod() ? 1 : packet.isFromNode() ? 3 : 4;
  }

  private ServiceEndpoint choose(FirstPacket packet, VirtualService service, ServiceSets sets) {
    List<ServiceEndpoint> eligible = policy.eligible();
    int seconds = service.affinitySeconds();
    ServiceEndpoint kept = null;
    for (int i = 0; seconds > 0 && kept == null && i < eligible.size(); i++) {
      evaluations++;
      if (sets.holds(eligible.get(i), packet, seconds)) {
        kept = eligible.get(i);
      }
    }
    if (kept == null) {
      evaluations++;
      kept = eligible.get(random.nextInt(eligible.size()));
    }
    if (seconds > 0) {
      evaluations++;
      sets.update(kept, packet, seconds);
    }
    return kept;
  }

  @Override
  public UnusedPorts unusedPorts() {
    return UnusedPorts.REJECTED;
  }

  @Override
  public long evaluations() {
    return evaluations;
  }

  @Override
  public void print(boolean ipv4, StringBuilder out) {
    new NftablesText(node, ipv4, out).print(services.values());
  }
}
