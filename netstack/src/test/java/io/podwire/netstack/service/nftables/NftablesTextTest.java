package io.podwire.netstack.service.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.netstack.service.Backend;
import io.podwire.netstack.service.Frontend;
import io.podwire.netstack.service.ProxyNode;
import io.podwire.netstack.service.ServiceTable;
import io.podwire.netstack.service.VirtualService;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Names and rules of Services that kube-proxy's own tests have. */
class NftablesTextTest {

  @Test
  void shouldNameChainsAndElementsAsKubeProxyDoes() {
    ServiceTable table = new ServiceTable();
    NftablesProxy proxy =
        new NftablesProxy(
            new ProxyNode(
                List.of(IpAddress.parse("192.168.0.2")),
                List.of(),
                List.of(Cidr.parse("10.0.0.0/8")),
                List.of(Cidr.parse("172.30.0.0/16"))),
            new Random(1));
    table.follow(proxy);
    Backend first = new Backend(IpAddress.parse("10.180.0.1"), 80);
    table.put(
        new ServiceTable.Key(IpAddress.parse("172.30.0.41"), IpProtocol.TCP, 80),
        new VirtualService("ns1/svc1:p80", List.of(first)));
    Backend third = new Backend(IpAddress.parse("10.180.0.3"), 80);
    table.put(
        new ServiceTable.Key(IpAddress.parse("5.6.7.8"), IpProtocol.TCP, 80),
        new VirtualService(
            "ns5/svc5:p80",
            Frontend.LOAD_BALANCER,
            List.of(third),
            List.of(),
            false,
            10_800,
            List.of(Cidr.parse("203.0.113.0/25"))));
    table.put(
        new ServiceTable.Key(IpAddress.parse("172.30.0.46"), IpProtocol.TCP, 80),
        new VirtualService("ns6/svc6:p80", List.of()));
    StringBuilder out = new StringBuilder();
    proxy.print(true, out);

    assertThat(out.toString())
        .contains(
            "172.30.0.41 . tcp . 80 : goto service-ULMVA6XW-ns1/svc1/tcp/p80",
            "chain service-ULMVA6XW-ns1/svc1/tcp/p80 {\n"
                + "\t\tip daddr 172.30.0.41 ip saddr != 10.0.0.0/8 jump mark-for-masquerade\n"
                + "\t\tnumgen random mod 1 vmap { 0 : goto"
                + " endpoint-5OJB2KTY-ns1/svc1/tcp/p80__10.180.0.1/80 }\n",
            "chain endpoint-5OJB2KTY-ns1/svc1/tcp/p80__10.180.0.1/80 {\n"
                + "\t\tip saddr 10.180.0.1 jump mark-for-masquerade\n"
                + "\t\tmeta l4proto tcp dnat to 10.180.0.1:80\n",
            "set affinity-GTK6MW7G-ns5/svc5/tcp/p80__10.180.0.3/80 {",
            "ip saddr @affinity-GTK6MW7G-ns5/svc5/tcp/p80__10.180.0.3/80"
                + " goto endpoint-GTK6MW7G-ns5/svc5/tcp/p80__10.180.0.3/80",
            "update @affinity-GTK6MW7G-ns5/svc5/tcp/p80__10.180.0.3/80 { ip saddr }",
            "5.6.7.8 . tcp . 80 : goto firewall-HVFWP5L3-ns5/svc5/tcp/p80",
            "ip saddr != { 203.0.113.0/25 } drop",
            "172.30.0.46 . tcp . 80 comment \"ns6/svc6:p80\" : goto reject-chain",
            "ip daddr { 172.30.0.0/16 } drop");
  }
}
