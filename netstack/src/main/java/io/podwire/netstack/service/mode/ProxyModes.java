package io.podwire.netstack.service.mode;

import io.podwire.netstack.filter.Conntrack;
import io.podwire.netstack.service.ProxyNode;
import io.podwire.netstack.service.ProxySettings;
import io.podwire.netstack.service.ServiceProxy;
import io.podwire.netstack.service.iptables.IptablesProxy;
import io.podwire.netstack.service.ipvs.IpvsProxy;
import io.podwire.netstack.service.maglev.MaglevProxy;
import io.podwire.netstack.service.nftables.NftablesProxy;
import io.podwire.netstack.service.userspace.UserspaceProxy;
import java.util.random.RandomGenerator;

/** Makes the proxy that settings ask for. */
public final class ProxyModes {

  private final ProxyNode node;
  private final RandomGenerator random;
  private final Conntrack conntrack;

  public ProxyModes(ProxyNode node, RandomGenerator random, Conntrack conntrack) {
    this.node = node;
    this.random = random;
    this.conntrack = conntrack;
  }

  /** A proxy that knows of no Service yet. */
  public ServiceProxy proxy(ProxySettings settings) {
    return switch (settings.mode()) {
      case IPTABLES -> new IptablesProxy(node, random);
      case IPVS -> new IpvsProxy(node, settings.scheduler());
      case NFTABLES -> new NftablesProxy(node, random);
      case USERSPACE -> new UserspaceProxy(node, conntrack);
      case MAGLEV -> new MaglevProxy(node);
    };
  }
}
