package io.podwire.netstack.service.iptables;

import io.podwire.netstack.filter.Verdict;
import io.podwire.netstack.link.DropReason;
import io.podwire.netstack.service.Backend;
import io.podwire.netstack.service.FirstPacket;
import io.podwire.netstack.service.ProxyMode;
import io.podwire.netstack.service.ProxyNode;
import io.podwire.netstack.service.ProxySettings;
import io.podwire.netstack.service.ServiceEndpoint;
import io.podwire.netstack.service.ServicePort;
import io.podwire.netstack.service.ServiceProxy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * kube-proxy's iptables mode: the first packet of every connection, to a Service or not, walks the
 * rules of KUBE-SERVICES one after the other, and those of the filter table behind them.
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
public final class IptablesProxy implements ServiceProxy {

  private static final ProxySettings SETTINGS =
      new ProxySettings(ProxyMode.IPTABLES, ProxySettings.DEFAULT.scheduler());

  private final ProxyNode node;
  private final RandomGenerator random;
  private final Tables ipv4 = new Tables();
  private final Tables ipv6 = new Tables();
  private final Map<ServiceChains.Key, ServiceChains> services = new LinkedHashMap<>();
  private long evaluations;
  private @Nullable Backend chosen;
  private @Nullable ServicePort matched;

  public IptablesProxy(ProxyNode node, RandomGenerator random) {
    this.node = node;
    this.random = random;
  }

  @Override
  public ProxySettings settings() {
    return SETTINGS;
  }

  @Override
  public void put(ServicePort port) {
    ServiceChains.Key key = ServiceChains.Key.of(port);
    if (port.plan() instanceof ServiceChains before && !before.key().equals(key)) {
      leave(before, port);
    }
    ServiceChains chains =
        services.computeIfAbsent(
            key, made -> new ServiceChains(made, tables(made.ipv4()), node, random));
    port.plan(chains);
    chains.put(port);
  }

  @Override
  public void remove(ServicePort port) {
    if (port.plan() instanceof ServiceChains chains) {
      leave(chains, port);
    }
  }

  private Tables tables(boolean ofIpv4) {
    return ofIpv4 ? ipv4 : ipv6;
  }

  private void leave(ServiceChains chains, ServicePort port) {
    if (chains.remove(port)) {
      services.remove(chains.key());
    }
  }

  @Override
  public Verdict decide(FirstPacket packet) {
    chosen = null;
    matched = null;
    Tables tables = tables(packet.source().isIpv4());
    walk(tables.services, packet);
    Backend backend = chosen;
    ServicePort port = matched;
    if (backend != null && port != null) {
      ServiceEndpoint endpoint = port.endpoint(backend);
      if (endpoint != null) {
        packet.direct(endpoint);
      }
    }
    for (Chain chain : tables.filters) {
      if (chain == tables.external && packet.isFromNode() && !packet.isToNode()) {
        // No rule of OUTPUT leads there: what the node sends to others is theirs to refuse.
        continue;
      }
      Target end = walk(chain, packet);
      if (end == Target.Plain.REJECT) {
        return packet.reject(DropReason.SERVICE_WITHOUT_ENDPOINTS);
      } else if (end == Target.Plain.DROP) {
        return packet.drop(
            chain == tables.firewall
                ? DropReason.SERVICE_SOURCE_REFUSED
                : DropReason.SERVICE_WITHOUT_LOCAL_ENDPOINTS);
      }
    }
    return Verdict.ACCEPT;
  }

  /** Evaluates a chain; says what has ended it, or null. */
  private @Nullable Target walk(Chain chain, FirstPacket packet) {
    for (Rule rule = chain.first(); rule != null; rule = rule.next) {
      evaluations++;
      if (!rule.matches(packet)) {
        continue;
      }
      switch (rule.target) {
        case Target.Jump jump -> {
          if (rule instanceof FrontendRule frontend) {
            matched = frontend.port();
          }
          Target end = walk(jump.chain(), packet);
          if (end != null) {
            return end;
          }
        }
        case Target.Dnat dnat -> {
          chosen = dnat.backend();
          return dnat;
        }
        case Target.Plain plain -> {
          switch (plain) {
            case NONE -> {}
            case MARK_MASQUERADE -> packet.mark();
            case DROP, REJECT -> {
              return plain;
            }
          }
        }
      }
    }
    return null;
  }

  @Override
  public UnusedPorts unusedPorts() {
    return UnusedPorts.DROPPED;
  }

  @Override
  public long evaluations() {
    return evaluations;
  }

  /** The rules that there are now, of all chains. */
  public int rules() {
    int rules = ipv4.size() + ipv6.size();
    for (ServiceChains chains : services.values()) {
      rules += chains.size();
    }
    return rules;
  }

  @Override
  public void print(boolean ofIpv4, StringBuilder out) {
    List<Chain> chains = new ArrayList<>();
    for (ServiceChains service : services.values()) {
      if (service.key().ipv4() == ofIpv4) {
        chains.addAll(service.chains());
      }
    }
    IptablesText.print(tables(ofIpv4), chains, ofIpv4, out);
  }
}
