package io.podwire.netstack.service.userspace;

import io.podwire.netstack.filter.Connection;
import io.podwire.netstack.filter.Conntrack;
import io.podwire.netstack.filter.Packet;
import io.podwire.netstack.filter.Verdict;
import io.podwire.netstack.service.AffinityTable;
import io.podwire.netstack.service.Backend;
import io.podwire.netstack.service.FirstPacket;
import io.podwire.netstack.service.ProxyMode;
import io.podwire.netstack.service.ProxyNode;
import io.podwire.netstack.service.ProxySettings;
import io.podwire.netstack.service.RuleNames;
import io.podwire.netstack.service.ServiceEndpoint;
import io.podwire.netstack.service.ServicePort;
import io.podwire.netstack.service.ServiceProxy;
import io.podwire.netstack.service.TrafficPolicy;
import io.podwire.netstack.service.VirtualService;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * kube-proxy's old userspace mode: round robin, every connection comes from the node, and one that
 * a backend refuses or does not answer is tried with the next.
 *
 * <p>What the proxy did by accepting and dialling is done to the SYN: see {@link Dials}. Not
 * thread-safe; confined to the node's event loop.
 */
public final class UserspaceProxy implements ServiceProxy {

  private static final ProxySettings SETTINGS =
      new ProxySettings(ProxyMode.USERSPACE, ProxySettings.DEFAULT.scheduler());

  private final TrafficPolicy policy;
  private final AffinityTable affinity = new AffinityTable(AffinityTable.DEFAULT_CAPACITY);
  private final Dials dials;
  private final Set<ServicePort> ports = new LinkedHashSet<>();
  private long evaluations;

  /** Whose turn it is. */
  private static final class Turn {
    int next;
  }

  public UserspaceProxy(ProxyNode node, Conntrack conntrack) {
    this.policy = new TrafficPolicy(node);
    this.dials = new Dials(conntrack, Dials.TIMEOUTS_MILLIS);
  }

  @Override
  public ProxySettings settings() {
    return SETTINGS;
  }

  @Override
  public void put(ServicePort port) {
    ports.add(port);
    if (!(port.plan() instanceof Turn)) {
      port.plan(new Turn());
    }
  }

  @Override
  public void remove(ServicePort port) {
    ports.remove(port);
  }

  @Override
  public Verdict decide(FirstPacket packet) {
    evaluations++;
    ServicePort port = packet.port();
    if (port == null || !(port.plan() instanceof Turn turn)) {
      return Verdict.ACCEPT;
    }
    Verdict verdict = policy.apply(packet, port);
    if (verdict != Verdict.ACCEPT) {
      return verdict;
    }
    packet.mark();
    boolean again = dials.isAgain(packet);
    VirtualService service = port.service();
    List<ServiceEndpoint> eligible = policy.eligible();
    ServiceEndpoint endpoint = null;
    if (service.affinitySeconds() > 0 && !again) {
      endpoint = affinity.lookup(packet, service, eligible);
    }
    if (endpoint == null) {
      endpoint = eligible.get(turn.next++ % eligible.size());
      turn.next %= eligible.size();
    }
    if (service.affinitySeconds() > 0) {
      affinity.keep(packet, service, endpoint);
    }
    dials.dial(packet);
    return packet.direct(endpoint);
  }

  @Override
  public Verdict answered(Packet packet, long nowMillis) {
    Connection connection = packet.connection();
    return connection == null ? Verdict.ACCEPT : dials.answered(packet, connection, nowMillis);
  }

  @Override
  public @Nullable Retry retry() {
    return dials.retry();
  }

  @Override
  public void age(long nowMillis) {
    dials.age(nowMillis);
  }

  @Override
  public UnusedPorts unusedPorts() {
    return UnusedPorts.DROPPED;
  }

  @Override
  public long evaluations() {
    return evaluations;
  }

  @Override
  public void print(boolean ipv4, StringBuilder out) {
    for (ServicePort port : ports) {
      if (port.key().address().isIpv4() != ipv4) {
        continue;
      }
      VirtualService service = port.service();
      out.append(RuleNames.socket(port.key().address(), port.key().port())).append('/');
      out.append(RuleNames.protocol(port.key().protocol())).append(' ');
      out.append(service.name()).append('\n');
      for (Backend backend : service.localOnly() ? service.localBackends() : service.backends()) {
        out.append("  ").append(RuleNames.socket(backend.address(), backend.port())).append('\n');
      }
    }
  }
}
