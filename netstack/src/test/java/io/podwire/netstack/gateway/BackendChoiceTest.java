package io.podwire.netstack.gateway;

import static io.podwire.netstack.wire.PacketBuilder.answerTo;
import static io.podwire.netstack.wire.PacketBuilder.tcp;
import static io.podwire.netstack.wire.PacketBuilder.udp;
import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.netstack.network.TestNetwork;
import io.podwire.netstack.network.TestNode;
import io.podwire.netstack.network.TestPod;
import io.podwire.netstack.service.ServiceTable;
import io.podwire.netstack.wire.SeenPacket;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.TcpFlags;
import io.podwire.packet.addr.IpAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The choice is made for a connection, never for a packet (semantics, row 34). */
class BackendChoiceTest {

  private static final String SERVICE = "10.96.0.20";
  private static final int BACKENDS = 4;

  private final TestNetwork network = TestNetwork.ofNodes(1);
  private final TestNode node = network.node(1);
  private final TestPod client = node.addPod(2);
  private final List<TestPod> backends =
      IntStream.range(0, BACKENDS).mapToObj(i -> node.addPod(10 + i)).toList();

  private String[] endpoints() {
    return backends.stream().map(pod -> pod.ip() + ":80").toArray(String[]::new);
  }

  /** Which backend got the one packet that was sent. */
  private int reached() {
    network.run();
    List<Integer> reached = new ArrayList<>();
    for (int i = 0; i < BACKENDS; i++) {
      for (SeenPacket ignored : backends.get(i).takePackets()) {
        reached.add(i);
      }
    }
    assertThat(reached).hasSize(1);
    return reached.get(0);
  }

  private int sendTcp(int port, int flags) {
    client.send(tcp(client.ip(), SERVICE).ports(port, 80).flags(flags));
    return reached();
  }

  @Test
  void shouldKeepTheBackendOfAConnection() {
    node.serve(IpProtocol.UDP, SERVICE, 80, endpoints());
    for (int port = 4000; port < 4010; port++) {
      Set<Integer> reached = new HashSet<>();
      for (int i = 0; i < 20; i++) {
        client.send(udp(client.ip(), SERVICE).ports(port, 80).payload(i));
        reached.add(reached());
      }
      assertThat(reached).hasSize(1);
    }
  }

  @Test
  void shouldSpreadConnectionsEvenly() {
    node.serve(IpProtocol.TCP, SERVICE, 80, endpoints());
    int connections = 2000;
    int[] counts = new int[BACKENDS];
    for (int i = 0; i < connections; i++) {
      counts[sendTcp(10_000 + i, TcpFlags.SYN)]++;
    }
    double expected = (double) connections / BACKENDS;
    double chiSquare = 0;
    for (int count : counts) {
      chiSquare += (count - expected) * (count - expected) / expected;
    }
    // Three degrees of freedom: above 16.27 one time in a thousand; the seed is fixed.
    assertThat(chiSquare).isLessThan(16.27).isPositive();
  }

  @Test
  void shouldChooseAnewWhenAPortIsReusedAfterAReset() {
    node.serve(IpProtocol.TCP, SERVICE, 80, endpoints());
    Set<Integer> reached = new HashSet<>();
    for (int i = 0; i < 40; i++) {
      int backend = sendTcp(4000, TcpFlags.SYN);
      reached.add(backend);
      assertThat(sendTcp(4000, TcpFlags.SYN)).as("a SYN sent again").isEqualTo(backend);
      sendTcp(4000, TcpFlags.RST);
    }
    assertThat(reached).hasSize(BACKENDS);
    assertThat(node.datapath().conntrack().size()).isEqualTo(1);
  }

  @Test
  void shouldChooseAnewWhenAPortIsReusedInTimeWait() {
    node.serve(IpProtocol.TCP, SERVICE, 80, endpoints());
    Set<Integer> reached = new HashSet<>();
    for (int i = 0; i < 40; i++) {
      int backend = openAndClose();
      reached.add(backend);
    }
    assertThat(reached).hasSize(BACKENDS);
    assertThat(node.datapath().conntrack().size()).isEqualTo(1);
  }

  private int openAndClose() {
    client.send(tcp(client.ip(), SERVICE).ports(4000, 80));
    network.run();
    for (int i = 0; i < BACKENDS; i++) {
      List<SeenPacket> packets = backends.get(i).takePackets();
      if (!packets.isEmpty()) {
        TestPod backend = backends.get(i);
        SeenPacket syn = packets.get(0);
        backend.send(answerTo(syn));
        network.run();
        assertThat(sendTcp(4000, TcpFlags.ACK)).isEqualTo(i);
        assertThat(sendTcp(4000, TcpFlags.FIN | TcpFlags.ACK)).isEqualTo(i);
        backend.send(answerTo(syn).flags(TcpFlags.FIN | TcpFlags.ACK));
        network.run();
        assertThat(sendTcp(4000, TcpFlags.ACK)).isEqualTo(i);
        client.takeFrames();
        return i;
      }
    }
    throw new AssertionError("no backend was reached");
  }

  @Test
  void shouldKeepEstablishedConnectionsWhenEndpointsChange() {
    node.serve(IpProtocol.TCP, SERVICE, 80, endpoints());
    int backend = sendTcp(4000, TcpFlags.SYN);
    node.serve(IpProtocol.TCP, SERVICE, 80, backends.get((backend + 1) % BACKENDS).ip() + ":80");

    assertThat(sendTcp(4000, TcpFlags.ACK)).isEqualTo(backend);
    assertThat(sendTcp(4001, TcpFlags.SYN)).isEqualTo((backend + 1) % BACKENDS);
  }

  @Test
  void shouldChooseAnewOnceTheEndpointOfAUdpFlowIsGone() {
    node.serve(IpProtocol.UDP, SERVICE, 80, endpoints());
    client.send(udp(client.ip(), SERVICE).ports(4000, 80));
    int gone = reached();
    int other = (gone + 1) % BACKENDS;
    node.serve(IpProtocol.UDP, SERVICE, 80, backends.get(other).ip() + ":80");

    assertThat(node.datapath().conntrack().connections()).as("alive").isEmpty();
    client.send(udp(client.ip(), SERVICE).ports(4000, 80));
    assertThat(reached()).isEqualTo(other);
    assertThat(node.datapath().conntrack().size()).isEqualTo(1);
  }

  @Test
  void shouldKeepAUdpFlowWhoseEndpointStaysWhenOthersGo() {
    node.serve(IpProtocol.UDP, SERVICE, 80, endpoints());
    client.send(udp(client.ip(), SERVICE).ports(4000, 80));
    int backend = reached();
    for (int others = 0; others < 3; others++) {
      node.serve(
          IpProtocol.UDP,
          SERVICE,
          80,
          backends.get(backend).ip() + ":80",
          backends.get((backend + 1 + others) % BACKENDS).ip() + ":80");
      client.send(udp(client.ip(), SERVICE).ports(4000, 80));
      assertThat(reached()).isEqualTo(backend);
    }
  }

  @Test
  void shouldForgetAUdpFlowOfAServiceThatIsGoneEvenIfItComesBack() {
    ServiceTable.Key key = new ServiceTable.Key(IpAddress.parse(SERVICE), IpProtocol.UDP, 80);
    node.serve(IpProtocol.UDP, SERVICE, 80, backends.get(0).ip() + ":80");
    client.send(udp(client.ip(), SERVICE).ports(4000, 80));
    assertThat(reached()).isZero();
    node.datapath().services().remove(key);
    node.serve(IpProtocol.UDP, SERVICE, 80, backends.get(1).ip() + ":80");

    client.send(udp(client.ip(), SERVICE).ports(4000, 80));
    assertThat(reached()).isEqualTo(1);
  }
}
