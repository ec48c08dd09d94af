package io.podwire.netstack.service.maglev;

import io.podwire.netstack.filter.Verdict;
import io.podwire.netstack.link.DropReason;
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
 * Consistent hashing as Cilium's {@code --bpf-lb-algorithm=maglev}: every node leads a connection
 * to the same backend, since nothing but its tuple decides.
 *
 * <p>A table is made when the first connection comes. Not thread-safe; confined to the node's event
 * loop.
 */
public final class MaglevProxy implements ServiceProxy {

  private static final ProxySettings SETTINGS =
      new ProxySettings(ProxyMode.MAGLEV, ProxySettings.DEFAULT.scheduler());

  /** Cilium's default seeds, {@code JLfvgnHc2kaSUFaI}. */
  static final int TABLE_SEED = 0x24b7_ef82;

  private static final int FLOW_SEED = 0x71dc_da46;

  private final TrafficPolicy policy;
  private final AffinityTable affinity = new AffinityTable(AffinityTable.DEFAULT_CAPACITY);
  private final Set<ServicePort> ports = new LinkedHashSet<>();
  private long evaluations;

  /** The tables of a Service port, of all endpoints and of the node's own. */
  private static final class Tables {
    @Nullable MaglevTable everywhere;
    @Nullable MaglevTable local;
  }

  public MaglevProxy(ProxyNode node) {
    this.policy = new TrafficPolicy(node);
  }

  @Override
  public ProxySettings settings() {
    return SETTINGS;
  }

  @Override
  public void put(ServicePort port) {
    ports.add(port);
    port.plan(new Tables());
  }

  @Override
  public void remove(ServicePort port) {
    ports.remove(port);
  }

  @Override
  public Verdict decide(FirstPacket packet) {
    evaluations++;
    ServicePort port = packet.port();
    if (port == null || !(port.plan() instanceof Tables tables)) {
      return Verdict.ACCEPT;
    }
    Verdict verdict = policy.apply(packet, port);
    if (verdict != Verdict.ACCEPT) {
      return verdict;
    }
    VirtualService service = port.service();
    List<ServiceEndpoint> eligible = policy.eligible();
    ServiceEndpoint endpoint =
        service.affinitySeconds() > 0 ? affinity.lookup(packet, service, eligible) : null;
    if (endpoint == null) {
      int place = table(tables, port).lookup(hash(packet));
      if (place < 0) {
        return packet.reject(DropReason.SERVICE_WITHOUT_ENDPOINTS);
      }
      endpoint = eligible.get(place);
    }
    if (service.affinitySeconds() > 0) {
      affinity.keep(packet, service, endpoint);
    }
    return TrafficPolicy.direct(packet, endpoint);
  }

  private MaglevTable table(Tables tables, ServicePort port) {
    int protocol = port.key().protocol();
    MaglevTable table = policy.isLocal() ? tables.local : tables.everywhere;
    if (table == null) {
      List<Backend> backends = policy.eligible().stream().map(ServiceEndpoint::backend).toList();
      table = new MaglevTable(backends, protocol, TABLE_SEED);
      if (policy.isLocal()) {
        tables.local = table;
      } else {
        tables.everywhere = table;
      }
    }
    return table;
  }

  private static int hash(FirstPacket packet) {
    long source = packet.source().high() ^ packet.source().low();
    int ports = packet.key().destinationPort() << 16 | packet.key().sourcePort();
    return JenkinsHash.of((int) (source ^ source >>> 32), ports, packet.protocol(), FLOW_SEED);
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
      List<Backend> backends = service.localOnly() ? service.localBackends() : service.backends();
      int protocol = port.key().protocol();
      int[] shares = new MaglevTable(backends, protocol, TABLE_SEED).shares(backends.size());
      out.append(RuleNames.socket(port.key().address(), port.key().port())).append('/');
      out.append(RuleNames.protocol(protocol)).append(' ').append(service.name()).append('\n');
      for (int i = 0; i < shares.length; i++) {
        Backend backend = backends.get(i);
        out.append("  ").append(RuleNames.socket(backend.address(), backend.port()));
        out.append(" weight ").append(backend.weight());
        out.append(", ").append(shares[i]).append(" of ").append(MaglevTable.PLACES);
        out.append(" places\n");
      }
    }
  }
}
