package io.podwire.netstack.service.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.netstack.service.Backend;
import io.podwire.netstack.service.Frontend;
import io.podwire.netstack.service.IpvsScheduler;
import io.podwire.netstack.service.ProxyNode;
import io.podwire.netstack.service.ServiceTable;
import io.podwire.netstack.service.VirtualService;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.addr.IpAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The form in which ipvsadm 1.31 saves rules with addresses as numbers ({@code -Sn}): {@code -A %s
 * -s %s}, {@code -p %u} where clients are kept, and {@code -a %s -r %s %s -w %d}.
 */
class IpvsTextTest {

  private final ServiceTable table = new ServiceTable();
  private final IpvsProxy proxy =
      new IpvsProxy(new ProxyNode(List.of(), List.of(), List.of(), List.of()), IpvsScheduler.WLC);

  IpvsTextTest() {
    table.follow(proxy);
  }

  private void put(String address, int protocol, int port, VirtualService service) {
    table.put(new ServiceTable.Key(IpAddress.parse(address), protocol, port), service);
  }

  private static Backend backend(String address, int port, int weight) {
    return new Backend(IpAddress.parse(address), port, weight);
  }

  private String printed(boolean ipv4) {
    StringBuilder out = new StringBuilder();
    proxy.print(ipv4, out);
    return out.toString();
  }

  @Test
  void shouldPrintWhatIpvsadmSaves() {
    Backend here = backend("10.244.1.2", 8080, 1);
    Backend leaving = backend("10.244.2.3", 8080, 0);
    put(
        "10.96.0.20",
        IpProtocol.TCP,
        80,
        new VirtualService("shop/web:http", List.of(here, leaving)));
    put(
        "10.96.0.10",
        IpProtocol.UDP,
        53,
        new VirtualService(
            "kube-system/kube-dns:dns",
            Frontend.CLUSTER_IP,
            List.of(backend("10.244.1.5", 1053, 1)),
            List.of(),
            false,
            10_800,
            List.of()));
    put(
        "172.30.0.1",
        IpProtocol.TCP,
        30_080,
        new VirtualService(
            "shop/web:http",
            Frontend.NODE_PORT,
            List.of(here, leaving),
            List.of(here),
            true,
            0,
            List.of()));
    put("10.96.0.30", IpProtocol.TCP, 80, new VirtualService("shop/empty:http", List.of()));
    put(
        "fd00:96::20",
        IpProtocol.TCP,
        80,
        new VirtualService("shop/web:http", List.of(backend("fd00:244:1::2", 8080, 1))));

    assertThat(printed(true))
        .isEqualTo(
            """
            -A -t 10.96.0.20:80 -s wlc
            -a -t 10.96.0.20:80 -r 10.244.1.2:8080 -m -w 1
            -a -t 10.96.0.20:80 -r 10.244.2.3:8080 -m -w 0
            -A -u 10.96.0.10:53 -s wlc -p 10800
            -a -u 10.96.0.10:53 -r 10.244.1.5:1053 -m -w 1
            -A -t 172.30.0.1:30080 -s wlc
            -a -t 172.30.0.1:30080 -r 10.244.1.2:8080 -m -w 1
            -A -t 10.96.0.30:80 -s wlc
            """);
    assertThat(printed(false))
        .isEqualTo(
            """
            -A -t [fd00:96::20]:80 -s wlc
            -a -t [fd00:96::20]:80 -r [fd00:244:1::2]:8080 -m -w 1
            """);
  }
}
