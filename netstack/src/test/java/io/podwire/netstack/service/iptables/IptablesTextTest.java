package io.podwire.netstack.service.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.netstack.service.Backend;
import io.podwire.netstack.service.Frontend;
import io.podwire.netstack.service.ProxyNode;
import io.podwire.netstack.service.ServiceTable;
import io.podwire.netstack.service.VirtualService;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Rules of Services that kube-proxy's own tests have, in the form of iptables-save. */
class IptablesTextTest {

  private static final String HASH = "XPGD46QRK7WJZT7O";

  private final ServiceTable table = new ServiceTable();
  private final IptablesProxy proxy =
      new IptablesProxy(
          new ProxyNode(
              List.of(IpAddress.parse("192.168.0.2")),
              List.of(),
              List.of(Cidr.parse("10.0.0.0/8")),
              List.of()),
          new Random(1));

  IptablesTextTest() {
    table.follow(proxy);
  }

  private void put(
      Frontend frontend, String address, int port, boolean local, int affinity, String... ranges) {
    Backend here = new Backend(IpAddress.parse("10.180.2.1"), 80);
    Backend there = new Backend(IpAddress.parse("10.180.0.1"), 80);
    table.put(
        new ServiceTable.Key(IpAddress.parse(address), IpProtocol.TCP, port),
        new VirtualService(
            "ns1/svc1:p80",
            frontend,
            List.of(there, here),
            List.of(here),
            local,
            affinity,
            List.of(ranges).stream().map(Cidr::parse).toList()));
  }

  private List<String> rules(String chain) {
    StringBuilder out = new StringBuilder();
    proxy.print(true, out);
    List<String> rules = new ArrayList<>();
    String table = "";
    for (String line : out.toString().split("\n")) {
      table = line.startsWith("*") ? line.substring(1) : table;
      if (line.startsWith("-A " + chain + " ") && table.equals("nat")) {
        rules.add(line.substring(chain.length() + 4));
      }
    }
    return rules;
  }

  @Test
  void shouldLeadExternalTrafficOfPolicyLocalPastThePodsAndTheNode() {
    put(Frontend.CLUSTER_IP, "172.30.0.41", 80, false, 0);
    put(Frontend.NODE_PORT, "192.168.0.2", 3001, true, 0);
    put(Frontend.EXTERNAL_IP, "192.168.99.11", 80, true, 0);
    put(Frontend.LOAD_BALANCER, "1.2.3.4", 80, true, 0);

    assertThat(rules("KUBE-SERVICES"))
        .containsExactly(
            "-d 172.30.0.41/32 -p tcp -m comment --comment \"ns1/svc1:p80 cluster IP\""
                + " -m tcp --dport 80 -j KUBE-SVC-"
                + HASH,
            "-d 192.168.99.11/32 -p tcp -m comment --comment \"ns1/svc1:p80 external IP\""
                + " -m tcp --dport 80 -j KUBE-EXT-"
                + HASH,
            "-d 1.2.3.4/32 -p tcp -m comment --comment \"ns1/svc1:p80 loadbalancer IP\""
                + " -m tcp --dport 80 -j KUBE-EXT-"
                + HASH,
            "-m comment --comment \"kubernetes service nodeports; NOTE: this must be the last"
                + " rule in this chain\" -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS");
    assertThat(rules("KUBE-NODEPORTS"))
        .containsExactly(
            "-p tcp -m comment --comment ns1/svc1:p80 -m tcp --dport 3001 -j KUBE-EXT-" + HASH);
    assertThat(rules("KUBE-EXT-" + HASH))
        .containsExactly(
            "-s 10.0.0.0/8 -m comment --comment \"pod traffic for ns1/svc1:p80 external"
                + " destinations\" -j KUBE-SVC-"
                + HASH,
            "-m comment --comment \"masquerade LOCAL traffic for ns1/svc1:p80 external"
                + " destinations\" -m addrtype --src-type LOCAL -j KUBE-MARK-MASQ",
            "-m comment --comment \"route LOCAL traffic for ns1/svc1:p80 external"
                + " destinations\" -m addrtype --src-type LOCAL -j KUBE-SVC-"
                + HASH,
            "-j KUBE-SVL-" + HASH);
    assertThat(rules("KUBE-SVC-" + HASH))
        .containsExactly(
            "! -s 10.0.0.0/8 -d 172.30.0.41/32 -p tcp -m comment --comment"
                + " \"ns1/svc1:p80 cluster IP\" -m tcp --dport 80 -j KUBE-MARK-MASQ",
            "-m comment --comment \"ns1/svc1:p80 -> 10.180.0.1:80\" -m statistic --mode random"
                + " --probability 0.5000000000 -j KUBE-SEP-SXIVWICOYRO3J4NJ",
            "-m comment --comment \"ns1/svc1:p80 -> 10.180.2.1:80\""
                + " -j KUBE-SEP-ZX7GRIZKSNUQ3LAJ");
    assertThat(rules("KUBE-SVL-" + HASH))
        .containsExactly(
            "-m comment --comment \"ns1/svc1:p80 -> 10.180.2.1:80\""
                + " -j KUBE-SEP-ZX7GRIZKSNUQ3LAJ");
    assertThat(rules("KUBE-SEP-SXIVWICOYRO3J4NJ"))
        .containsExactly(
            "-s 10.180.0.1/32 -m comment --comment ns1/svc1:p80 -j KUBE-MARK-MASQ",
            "-p tcp -m comment --comment ns1/svc1:p80 -j DNAT --to-destination 10.180.0.1:80");
  }

  @Test
  void shouldGuardALoadBalancerAndKeepClients() {
    put(Frontend.LOAD_BALANCER, "1.2.3.4", 80, false, 10_800, "192.168.0.0/24", "203.0.113.0/25");
    assertThat(rules("KUBE-FW-" + HASH))
        .containsExactly(
            "-s 192.168.0.0/24 -m comment --comment \"ns1/svc1:p80 loadbalancer IP\""
                + " -j KUBE-EXT-"
                + HASH,
            "-s 203.0.113.0/25 -m comment --comment \"ns1/svc1:p80 loadbalancer IP\""
                + " -j KUBE-EXT-"
                + HASH,
            "-s 1.2.3.4/32 -m comment --comment \"ns1/svc1:p80 loadbalancer IP\" -j KUBE-EXT-"
                + HASH,
            "-m comment --comment \"other traffic to ns1/svc1:p80 will be dropped by"
                + " KUBE-PROXY-FIREWALL\"");
    assertThat(rules("KUBE-SVC-" + HASH).get(0))
        .isEqualTo(
            "-m comment --comment \"ns1/svc1:p80 -> 10.180.0.1:80\" -m recent --rcheck"
                + " --seconds 10800 --reap --name KUBE-SEP-SXIVWICOYRO3J4NJ --rsource"
                + " -j KUBE-SEP-SXIVWICOYRO3J4NJ");
    assertThat(rules("KUBE-SEP-SXIVWICOYRO3J4NJ").get(1))
        .contains("-m recent --set --name KUBE-SEP-SXIVWICOYRO3J4NJ --rsource -j DNAT");
  }

  @Test
  void shouldLeaveNothingOfAServiceThatIsGone() {
    put(Frontend.CLUSTER_IP, "172.30.0.41", 80, false, 0);
    put(Frontend.NODE_PORT, "192.168.0.2", 3001, true, 0);
    int rules = proxy.rules();
    table.remove(new ServiceTable.Key(IpAddress.parse("172.30.0.41"), IpProtocol.TCP, 80));
    assertThat(proxy.rules()).isLessThan(rules);
    table.remove(new ServiceTable.Key(IpAddress.parse("192.168.0.2"), IpProtocol.TCP, 3001));
    StringBuilder out = new StringBuilder();
    proxy.print(true, out);
    assertThat(out.toString()).doesNotContain(HASH, "KUBE-SEP");
  }

  @Test
  void shouldRememberAsManyClientsAsTheKernelDoes() {
    RecentList list = new RecentList("KUBE-SEP-X");
    for (int i = 0; i < 150; i++) {
      list.enter(IpAddress.parse("10.0.0." + i), i);
    }
    assertThat(list.size()).isEqualTo(RecentList.CAPACITY);
    assertThat(list.holds(IpAddress.parse("10.0.0.49"), 1000, 150)).isFalse();
    assertThat(list.holds(IpAddress.parse("10.0.0.50"), 1000, 150)).isTrue();
    assertThat(list.holds(IpAddress.parse("10.0.0.149"), 1000, 1149)).isFalse();
    assertThat(list.size()).isZero();
  }
}
