package io.podwire.dns.boot;

import io.podwire.dns.any.AnyPlugin;
import io.podwire.dns.autopath.AutopathPlugin;
import io.podwire.dns.bind.BindPlugin;
import io.podwire.dns.bufsize.BufsizePlugin;
import io.podwire.dns.cache.CachePlugin;
import io.podwire.dns.dns64.Dns64Plugin;
import io.podwire.dns.errors.ErrorsPlugin;
import io.podwire.dns.forward.ForwardPlugin;
import io.podwire.dns.health.HealthPlugin;
import io.podwire.dns.hosts.HostsPlugin;
import io.podwire.dns.kubernetes.ClusterState;
import io.podwire.dns.kubernetes.KubernetesPlugin;
import io.podwire.dns.loadbalance.LoadBalancePlugin;
import io.podwire.dns.log.LogPlugin;
import io.podwire.dns.loop.LoopPlugin;
import io.podwire.dns.nsid.NsidPlugin;
import io.podwire.dns.plugin.Plugin;
import io.podwire.dns.prometheus.PrometheusPlugin;
import io.podwire.dns.ready.ReadyPlugin;
import io.podwire.dns.reload.ReloadPlugin;
import io.podwire.dns.rewrite.RewritePlugin;
import io.podwire.dns.rrl.RrlPlugin;
import io.podwire.dns.template.TemplatePlugin;
import io.podwire.dns.tls.TlsPlugin;
import io.podwire.dns.whoami.WhoamiPlugin;
import io.podwire.dns.zonefile.FilePlugin;
import java.util.List;

/**
 * All plugins in the order in which a query goes through them, whatever the order in a Corefile: as
 * CoreDNS's {@code plugin.cfg}.
 */
final class PluginOrder {
  private PluginOrder() {}

  static List<Plugin> of(ClusterState state, boolean follows) {
    return List.of(
        new ReloadPlugin(),
        new NsidPlugin(),
        new BufsizePlugin(),
        new BindPlugin(),
        new ReadyPlugin(),
        new HealthPlugin(),
        new RrlPlugin(),
        new PrometheusPlugin(),
        new ErrorsPlugin(),
        new LogPlugin(),
        new Dns64Plugin(),
        new AnyPlugin(),
        new LoadBalancePlugin(),
        new RewritePlugin(),
        new AutopathPlugin(),
        new CachePlugin(),
        new TlsPlugin(),
        new TemplatePlugin(),
        new HostsPlugin(),
        new KubernetesPlugin(state, follows),
        new FilePlugin(),
        new LoopPlugin(),
        new ForwardPlugin(new ClusterUpstreams(state, follows)),
        new WhoamiPlugin());
  }
}
