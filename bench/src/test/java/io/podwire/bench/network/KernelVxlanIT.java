package io.podwire.bench.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.bench.load.Iperf;
import io.podwire.bench.load.Ping;
import io.podwire.bench.program.Tool;
import io.podwire.bench.program.Workbench;
import io.podwire.linux.Link;
import io.podwire.linux.Netlink;
import io.podwire.linux.NetworkNamespace;
import io.podwire.linux.ProcessTable;
import io.podwire.linux.RequiresRoot;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

@RequiresRoot
class KernelVxlanIT {

  @Test
  void shouldMoveSomethingAndLeaveNothingBehind() {
    KernelVxlan kernel = new KernelVxlan();
    Assumptions.assumeTrue(kernel.missing().isEmpty(), "this kernel has no vxlan device");
    long namespace;
    try (Workbench bench = new Workbench()) {
      PodNetwork network = kernel.start(bench);
      namespace = network.client().namespace().inode();

      assertThat(new Ping(bench).run(network.client(), network.server().address(), 1).lost())
          .isZero();
      assertThat(new Ping(bench).run(network.client(), network.neighbor().address(), 1).lost())
          .isZero();
      assertThat(links(network.client())).containsExactlyInAnyOrder("lo", "eth0");
      if (Tool.missing(Tool.IPERF3).isEmpty()) {
        moveTcpAndUdp(bench, network);
      }
      assertThat(ProcessTable.inNetworkNamespace(namespace)).isEmpty();
    }
    try (NetworkNamespace own = NetworkNamespace.current();
        Netlink netlink = Netlink.open(own)) {
      assertThat(netlink.links().find("underlay")).isEmpty();
      assertThat(netlink.links().find("vxlan0")).isEmpty();
    }
  }

  private static void moveTcpAndUdp(Workbench bench, PodNetwork network) {
    Iperf iperf = new Iperf(bench);
    Iperf.Outcome tcp =
        iperf.tcp(network.client(), network.server(), network.server().address(), 1);
    assertThat(tcp.report().bytes()).isPositive();
    Iperf.Outcome udp = iperf.udp(network.client(), network.server(), 64, 1000, 1);
    assertThat(udp.report().packets()).isPositive();
    assertThat(udp.cpuPerMillionPackets()).isNotNegative();
  }

  private static List<String> links(PodSite pod) {
    try (Netlink netlink = Netlink.open(pod.namespace())) {
      return netlink.links().list().stream().map(Link::name).toList();
    }
  }
}
