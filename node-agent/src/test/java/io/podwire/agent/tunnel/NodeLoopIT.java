package io.podwire.agent.tunnel;

import static io.podwire.agent.tunnel.EchoServer.askTcp;
import static io.podwire.agent.tunnel.EchoServer.askUdp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podwire.agent.tunnel.TestFabric.TestNode;
import io.podwire.agent.tunnel.TestFabric.TestPod;
import io.podwire.linux.RequiresRoot;
import io.podwire.netstack.service.Backend;
import io.podwire.netstack.service.ServiceTable;
import io.podwire.netstack.service.VirtualService;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.addr.IpAddress;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.PortUnreachableException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes whose Pods speak through TAPs, the bridge, Services and VXLAN over real sockets. */
@RequiresRoot
class NodeLoopIT {

  private static final int PORT = 8080;
  private static final IpAddress CLUSTER_IP = IpAddress.parse("10.96.0.99");

  private TestFabric fabric;
  private TestNode first;
  private TestNode second;

  @BeforeEach
  void start() {
    fabric = new TestFabric();
    first = fabric.node();
    second = fabric.node();
  }

  @AfterEach
  void stop() throws Exception {
    if (fabric != null) {
      fabric.close();
    }
  }

  @Test
  void shouldKeepTheSourceBetweenPodsOfOneNode() throws Exception {
    TestPod client = first.pod();
    TestPod server = first.pod();
    try (EchoServer echo = new EchoServer(server.namespace, PORT)) {
      assertThat(askTcp(client.namespace, server.address, PORT))
          .isEqualTo(client.address.toString());
      assertThat(askUdp(client.namespace, server.address, PORT, 10))
          .isEqualTo(client.address.toString());
    }
  }

  @Test
  void shouldKeepTheSourceBetweenPodsOfTwoNodes() throws Exception {
    TestPod client = first.pod();
    TestPod server = second.pod();
    try (EchoServer echo = new EchoServer(server.namespace, PORT)) {
      assertThat(askTcp(client.namespace, server.address, PORT))
          .isEqualTo(client.address.toString());
      // More than one MTU: the sender's kernel makes fragments.
      assertThat(askUdp(client.namespace, server.address, PORT, 5000))
          .isEqualTo(client.address.toString());
    }
  }

  @Test
  void shouldReachAServiceOnEitherNodeAndTheClientItself() throws Exception {
    TestPod client = first.pod();
    TestPod neighbour = first.pod();
    TestPod remote = second.pod();
    for (TestPod server : List.of(client, neighbour, remote)) {
      bind(new Backend(server.address, PORT));
      try (EchoServer echo = new EchoServer(server.namespace, PORT)) {
        String seen = server == client ? first.config.gateway().toString() : client.address + "";
        assertThat(askTcp(client.namespace, CLUSTER_IP, 80)).isEqualTo(seen);
        assertThat(askUdp(client.namespace, CLUSTER_IP, 80, 10)).isEqualTo(seen);
      }
    }
  }

  @Test
  void shouldReachAServiceFromTheNodeItself() throws Exception {
    TestPod server = second.pod();
    bind(new Backend(server.address, PORT));
    try (EchoServer echo = new EchoServer(server.namespace, PORT)) {
      assertThat(askTcp(first.namespace, CLUSTER_IP, 80))
          .isEqualTo(first.config.gateway().toString());
      assertThat(askTcp(second.namespace, server.address, PORT))
          .isEqualTo(second.config.gateway().toString());
    }
  }

  @Test
  void shouldRefuseAServiceWithoutEndpoints() {
    TestPod client = first.pod();
    bind();
    assertThatThrownBy(() -> askTcp(client.namespace, CLUSTER_IP, 80))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("refused");
    assertThatThrownBy(() -> askUdp(client.namespace, CLUSTER_IP, 80, 10))
        .isInstanceOf(PortUnreachableException.class);
  }

  @Test
  void shouldLeaveTheClusterWithTheNodesAddress() throws Exception {
    TestPod client = first.pod();
    try (EchoServer echo = new EchoServer(fabric.namespace(), PORT)) {
      IpAddress outside = IpAddress.parse("172.30.0.1");
      assertThat(askTcp(client.namespace, outside, PORT)).isEqualTo(first.address.toString());
      assertThat(askUdp(client.namespace, outside, PORT, 10)).isEqualTo(first.address.toString());
      // ICMP has no ports to steer by.
      boolean answered =
          client.namespace.call(() -> InetAddress.getByName("172.30.0.1").isReachable(5000));
      assertThat(answered).isTrue();
    }
  }

  private void bind(Backend... backends) {
    for (TestNode node : List.of(first, second)) {
      node.loop.change(datapath -> {
        for (int protocol : List.of(IpProtocol.TCP, IpProtocol.UDP)) {
          datapath
              .services()
              .put(
                  new ServiceTable.Key(CLUSTER_IP, protocol, 80),
                  new VirtualService("default/echo", List.of(backends)));
        }
      });
    }
  }
}
