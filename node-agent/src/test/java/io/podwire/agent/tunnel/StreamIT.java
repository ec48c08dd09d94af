package io.podwire.agent.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.agent.tunnel.TestFabric.TestNode;
import io.podwire.agent.tunnel.TestFabric.TestPod;
import io.podwire.linux.ChildProcess;
import io.podwire.linux.NetworkNamespace;
import io.podwire.linux.ProcessSpawner;
import io.podwire.linux.RequiresRoot;
import io.podwire.netstack.link.DropReason;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A gibibyte arrives as it was sent, with the kernel's offloads and without. */
@RequiresRoot
class StreamIT {

  private static final int MEBIBYTES = 1024;
  private static final int SMALL_MTU = 1280;

  private final TestFabric fabric = new TestFabric();

  @AfterEach
  void stop() throws Exception {
    fabric.close();
  }

  private static Offloads offloads(boolean wanted) {
    return wanted ? Offloads.available() : Offloads.none();
  }

  private static void expectSameOctets(TestPod from, TestPod to, int mebibytes) throws Exception {
    ByteStream.Sum[] sums = ByteStream.send(from.namespace, to.namespace, to.address, mebibytes);
    assertThat(sums[1]).isEqualTo(sums[0]);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldCrossTwoNodes(boolean wanted) throws Exception {
    TestPod from = fabric.node(TestFabric.POD_MTU, offloads(wanted)).pod();
    TestPod to = fabric.node(TestFabric.POD_MTU, offloads(wanted)).pod();
    expectSameOctets(from, to, MEBIBYTES);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldStayOnOneNode(boolean wanted) throws Exception {
    TestNode node = fabric.node(TestFabric.POD_MTU, offloads(wanted));
    expectSameOctets(node.pod(), node.pod(), MEBIBYTES);
    assertThat(node.loop.<Long>read(datapath -> datapath.tunnelCounters().sentPackets())).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldCrossNodesOfDifferentMtus(boolean wanted) throws Exception {
    TestPod large = fabric.node(TestFabric.POD_MTU, offloads(wanted)).pod();
    TestPod small = fabric.node(SMALL_MTU, offloads(wanted)).pod();
    expectSameOctets(large, small, MEBIBYTES / 2);
    expectSameOctets(small, large, MEBIBYTES / 2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldSurviveLossOnTheNodeNetwork(boolean wanted) throws Exception {
    TestNode first = fabric.node(TestFabric.POD_MTU, offloads(wanted));
    TestNode second = fabric.node(TestFabric.POD_MTU, offloads(wanted));
    loseSome(first.namespace);
    loseSome(second.namespace);
    expectSameOctets(first.pod(), second.pod(), MEBIBYTES);
    assertThat(second.loop.<Long>read(tables -> tables.drops().of(DropReason.TRANSMIT_FAILED)))
        .as("losses of our own")
        .isZero();
  }

  /** Half a percent of what arrives for the tunnel. */
  private static void loseSome(NetworkNamespace node) throws Exception {
    List<String> command =
        List.of(
            "/usr/sbin/iptables",
            "-A",
            "INPUT",
            "-p",
            "udp",
            "--dport",
            "4789",
            "-m",
            "statistic",
            "--mode",
            "random",
            "--probability",
            "0.005",
            "-j",
            "DROP");
    ChildProcess iptables = node.call(() -> new ProcessSpawner(command).start());
    assertThat(iptables.exit().get(10, TimeUnit.SECONDS)).as("iptables").hasValue(0);
  }
}
