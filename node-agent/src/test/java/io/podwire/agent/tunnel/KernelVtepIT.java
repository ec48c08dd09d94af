package io.podwire.agent.tunnel;

import static io.podwire.agent.tunnel.EchoServer.askTcp;
import static io.podwire.agent.tunnel.EchoServer.askUdp;
import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.agent.tunnel.TestFabric.TestNode;
import io.podwire.agent.tunnel.TestFabric.TestPod;
import io.podwire.linux.Ethtool;
import io.podwire.linux.Netlink;
import io.podwire.linux.NetworkNamespace;
import io.podwire.linux.RequiresRoot;
import io.podwire.linux.Route;
import io.podwire.linux.VxlanSettings;
import io.podwire.netstack.vxlan.Vtep;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.net.InetAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Linux kernel's own VXLAN device as another node of the cluster. */
@RequiresRoot
class KernelVtepIT {

  private static final int PORT = 8080;
  private static final int MEBIBYTES = 64;
  private static final IpAddress KERNEL_NODE = IpAddress.parse("172.30.0.99");
  private static final Cidr KERNEL_PODS = Cidr.parse("10.244.99.0/24");
  private static final IpAddress KERNEL_POD = KERNEL_PODS.address(1);

  private TestFabric fabric;
  private TestNode node;
  private TestPod pod;
  private NetworkNamespace kernel;

  @BeforeEach
  void start() {
    fabric = new TestFabric();
    node = fabric.node();
    pod = node.pod();
    kernel = fabric.host(KERNEL_NODE);
    try (Netlink netlink = Netlink.open(kernel)) {
      netlink
          .links()
          .createVxlan(
              "vxlan0",
              new VxlanSettings(TestFabric.VNI.value(), KERNEL_NODE, TestFabric.VXLAN_PORT, false));
      netlink.links().setMtu("vxlan0", TestFabric.POD_MTU);
      netlink.addresses().add("vxlan0", KERNEL_POD, 24);
      netlink.links().setUp("vxlan0");
      // What ARP must flood, and the unicast to the node's VTEP, go to the node.
      netlink.neighbors().appendForwarding("vxlan0", MacAddress.ZERO, node.address);
      netlink.routes().add(Route.via(node.podCidr, node.config.gateway()).onLink("vxlan0"));
    }
  }

  @AfterEach
  void stop() throws Exception {
    if (fabric != null) {
      fabric.close();
    }
  }

  private void join(Vtep vtep) {
    node.loop.change(datapath -> datapath.putPeer(KERNEL_PODS, vtep));
  }

  /** A kernel that leaves checksums and segmentation to a link does neither over virtual ones. */
  @ParameterizedTest(name = "offloads {0}")
  @ValueSource(booleans = {true, false})
  void shouldPingAndTalkBothWaysWithAKernelVtepFoundByArp(boolean offloads) throws Exception {
    kernel.run(() -> Ethtool.setTransmitChecksum("vxlan0", offloads));
    join(new Vtep("kernel", KERNEL_NODE, TestFabric.VXLAN_PORT, null, KERNEL_POD));
    shouldReachEachOther();
  }

  @ParameterizedTest(name = "offloads {0}")
  @ValueSource(booleans = {true, false})
  void shouldPingAndTalkBothWaysWithAKernelVtepOfAKnownMac(boolean offloads) throws Exception {
    kernel.run(() -> Ethtool.setTransmitChecksum("vxlan0", offloads));
    MacAddress mac;
    try (Netlink netlink = Netlink.open(kernel)) {
      mac = netlink.links().get("vxlan0").mac();
    }
    join(new Vtep("kernel", KERNEL_NODE, TestFabric.VXLAN_PORT, mac, KERNEL_POD));
    shouldReachEachOther();
  }

  private void shouldReachEachOther() throws Exception {
    assertThat(ping(pod.namespace, KERNEL_POD)).as("Pod pings the kernel").isTrue();
    assertThat(ping(kernel, pod.address)).as("the kernel pings the Pod").isTrue();
    try (EchoServer atPod = new EchoServer(pod.namespace, PORT);
        EchoServer atKernel = new EchoServer(kernel, PORT)) {
      assertThat(askTcp(kernel, pod.address, PORT)).isEqualTo(KERNEL_POD.toString());
      assertThat(askTcp(pod.namespace, KERNEL_POD, PORT)).isEqualTo(pod.address.toString());
      assertThat(askUdp(pod.namespace, KERNEL_POD, PORT, 5000)).isEqualTo(pod.address.toString());
      assertThat(askUdp(kernel, pod.address, PORT, 1000)).isEqualTo(KERNEL_POD.toString());
    }
    expectSameOctets(ByteStream.send(pod.namespace, kernel, KERNEL_POD, MEBIBYTES));
    expectSameOctets(ByteStream.send(kernel, pod.namespace, pod.address, MEBIBYTES));
  }

  private static void expectSameOctets(ByteStream.Sum[] sums) {
    assertThat(sums[1]).isEqualTo(sums[0]);
  }

  private static boolean ping(NetworkNamespace from, IpAddress to) throws Exception {
    return from.call(() -> InetAddress.getByName(to.toString()).isReachable(5000));
  }
}
