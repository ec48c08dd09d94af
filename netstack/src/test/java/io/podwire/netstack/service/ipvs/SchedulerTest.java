package io.podwire.netstack.service.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.netstack.filter.Packet;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.service.Backend;
import io.podwire.netstack.service.Chances;
import io.podwire.netstack.service.FirstPacket;
import io.podwire.netstack.service.IpvsScheduler;
import io.podwire.netstack.service.ProxyNode;
import io.podwire.netstack.service.ServiceEndpoint;
import io.podwire.netstack.service.ServiceTable;
import io.podwire.netstack.wire.PacketBuilder;
import io.podwire.packet.EthernetView;
import io.podwire.packet.addr.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each scheduler does what ip_vs_NAME.c does. */
class SchedulerTest {

  private static final String SERVICE = "10.96.0.20";
  private static final long DAY = 24 * 60 * 60 * 1000L;

  private final FirstPacket packet =
      new FirstPacket(
          new ServiceTable(), new ProxyNode(List.of(), List.of(), List.of(), List.of()));
  private List<ServiceEndpoint> servers = List.of();

  private Scheduler scheduler(IpvsScheduler name, int... weights) {
    servers = servers(weights);
    Scheduler scheduler = Schedulers.of(name);
    scheduler.update(servers);
    return scheduler;
  }

  private static List<ServiceEndpoint> servers(int... weights) {
    List<ServiceEndpoint> servers = new ArrayList<>();
    for (int i = 0; i < weights.length; i++) {
      IpAddress address = IpAddress.parse("10.244.1." + (10 + i));
      servers.add(new ServiceEndpoint(new Backend(address, 80, weights[i])));
    }
    return servers;
  }

  private FirstPacket from(String source, long nowMillis) {
    return packet(source, SERVICE, nowMillis);
  }

  private FirstPacket packet(String source, String destination, long nowMillis) {
    Frame frame = PacketBuilder.tcp(source, destination).ports(4000, 80).frame();
    Packet parsed = new Packet(frame);
    assertThat(parsed.parse(frame, frame.start() + EthernetView.HEADER_LENGTH)).isNull();
    return packet.of(parsed, nowMillis);
  }

  private int chosen(Scheduler scheduler) {
    return chosen(scheduler, from("10.244.9.9", 0));
  }

  private int chosen(Scheduler scheduler, FirstPacket first) {
    @Nullable ServiceEndpoint server = scheduler.schedule(first);
    return server == null ? -1 : servers.indexOf(server);
  }

  private List<Integer> chosen(Scheduler scheduler, int times) {
    List<Integer> chosen = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      chosen.add(chosen(scheduler));
    }
    return chosen;
  }

  private void connect(int server, int active, int inactive) {
    for (int i = 0; i < active + inactive; i++) {
      servers.get(server).began();
    }
    for (int i = 0; i < active; i++) {
      servers.get(server).changed(true);
    }
  }

  @ParameterizedTest
  @EnumSource(IpvsScheduler.class)
  void shouldGiveNothingToServersWithoutWeight(IpvsScheduler name) {
    Scheduler scheduler = scheduler(name, 0, 0);
    assertThat(chosen(scheduler)).isEqualTo(-1);
    assertThat(chosen(scheduler(name))).isEqualTo(-1);
    // dh and sh fill their tables with these too, and then refuse.
    Scheduler one = scheduler(name, 0, 2, 0);
    for (int i = 0; i < 60; i++) {
      assertThat(chosen(one, from("10.244.9." + i, 0))).isIn(-1, 1);
    }
  }

  @Test
  void shouldTakeTurns() {
    Scheduler rr = scheduler(IpvsScheduler.RR, 1, 1, 0, 1);
    assertThat(chosen(rr, 7)).containsExactly(0, 1, 3, 0, 1, 3, 0);
    servers = servers.subList(1, 4);
    rr.update(servers);
    assertThat(chosen(rr, 3)).containsExactly(0, 2, 0);
  }

  @Test
  void shouldTakeTurnsByWeight() {
    assertThat(chosen(scheduler(IpvsScheduler.WRR, 4, 3, 2), 18))
        .containsExactly(0, 0, 1, 0, 1, 2, 0, 1, 2, 0, 0, 1, 0, 1, 2, 0, 1, 2);
    assertThat(chosen(scheduler(IpvsScheduler.WRR, 20, 10), 6)).containsExactly(0, 0, 1, 0, 0, 1);
  }

  @Test
  void shouldCountActiveConnectionsAsMuchAs256InactiveOnes() {
    Scheduler lc = scheduler(IpvsScheduler.LC, 1, 5);
    connect(0, 1, 0);
    connect(1, 0, 255);
    assertThat(chosen(lc)).isEqualTo(1);
    connect(1, 0, 2);
    assertThat(chosen(lc)).isEqualTo(0);
  }

  @Test
  void shouldWeighConnections() {
    Scheduler wlc = scheduler(IpvsScheduler.WLC, 1, 3);
    connect(0, 1, 0);
    connect(1, 2, 255);
    assertThat(chosen(wlc)).isEqualTo(1);
    connect(1, 0, 2);
    assertThat(chosen(wlc)).isEqualTo(0);
  }

  @Test
  void shouldExpectTheShortestDelay() {
    Scheduler sed = scheduler(IpvsScheduler.SED, 1, 2, 3);
    // 1/1, 1/2, 1/3 and so on: the one that is to come counts.
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      int server = chosen(sed);
      order.add(server);
      connect(server, 1, 0);
    }
    assertThat(order).containsExactly(2, 1, 2, 0, 1, 2);
  }

  @Test
  void shouldNeverQueueWhileAServerIsIdle() {
    Scheduler nq = scheduler(IpvsScheduler.NQ, 1, 2, 3);
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      int server = chosen(nq);
      order.add(server);
      connect(server, 1, 0);
    }
    assertThat(order).containsExactly(0, 1, 2, 2, 1, 2);
  }

  @Test
  void shouldOverflowFromTheHeaviestServer() {
    Scheduler ovf = scheduler(IpvsScheduler.OVF, 2, 3);
    assertThat(chosen(ovf)).isEqualTo(1);
    connect(1, 4, 0);
    assertThat(chosen(ovf)).isEqualTo(0);
    connect(0, 3, 0);
    assertThat(chosen(ovf)).isEqualTo(-1);
  }

  @Test
  void shouldHashTheDestinationOverTurns() {
    Scheduler dh = scheduler(IpvsScheduler.DH, 1, 1, 1);
    int[] counts = new int[3];
    for (int i = 0; i < 256; i++) {
      String vip = "10.96.0." + i;
      int place = (int) (IpAddress.parse(vip).ipv4Bits() * 2_654_435_761L & 0xff);
      int server = chosen(dh, packet("10.244.1.2", vip, 0));
      assertThat(server).isEqualTo(place % 3);
      assertThat(chosen(dh, packet("10.244.7.7", vip, 0))).isEqualTo(server);
      counts[server]++;
    }
    assertThat(counts).containsExactly(86, 85, 85);
  }

  @Test
  void shouldHashTheSourceByWeight() {
    Scheduler sh = scheduler(IpvsScheduler.SH, 3, 1);
    int[] counts = new int[2];
    for (int i = 0; i < 256; i++) {
      int place = (int) (IpAddress.parse("10.244.1." + i).ipv4Bits() * 2_654_435_761L & 0xff);
      int server = chosen(sh, from("10.244.1." + i, 0));
      assertThat(server).isEqualTo(place % 4 == 3 ? 1 : 0);
      counts[server]++;
    }
    assertThat(counts).containsExactly(192, 64);
  }

  @Test
  void shouldSpreadClientsByWeightOverMaglevsTable() {
    Scheduler mh = scheduler(IpvsScheduler.MH, 1, 2, 5);
    Random random = new Random(1);
    int[] counts = new int[3];
    for (int i = 0; i < 20_000; i++) {
      String client = "10." + random.nextInt(256) + "." + random.nextInt(256) + ".7";
      counts[chosen(mh, from(client, 0))]++;
    }
    Chances.expectShares(counts, 1, 2, 5);
    assertThat(Chances.fits(counts, 1, 1, 1)).as("the test sees other shares").isFalse();
  }

  @Test
  void shouldKeepClientsOfServersThatStayInMaglevsTable() {
    Scheduler mh = scheduler(IpvsScheduler.MH, 1, 1, 1, 1, 1);
    List<Integer> before = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      before.add(chosen(mh, from("10.1." + i / 250 + "." + i % 250, 0)));
    }
    mh.update(servers.subList(0, 4));
    int moved = 0;
    int unavoidable = 0;
    for (int i = 0; i < 5000; i++) {
      int after = chosen(mh, from("10.1." + i / 250 + "." + i % 250, 0));
      unavoidable += before.get(i) == 4 ? 1 : 0;
      moved += before.get(i) != 4 && before.get(i) != after ? 1 : 0;
    }
    assertThat(unavoidable).isBetween(850, 1150);
    assertThat(moved).isLessThan(5000 / 20);
  }

  @Test
  void shouldStayWithAServerUntilItIsOverloaded() {
    Scheduler lblc = scheduler(IpvsScheduler.LBLC, 2, 4);
    assertThat(chosen(lblc)).isEqualTo(0);
    connect(0, 2, 0);
    assertThat(chosen(lblc)).isEqualTo(0);
    connect(0, 1, 0);
    assertThat(chosen(lblc)).as("3 > 2, and the other has less than half").isEqualTo(1);
    connect(1, 4, 0);
    assertThat(chosen(lblc)).isEqualTo(1);
    servers = servers.subList(0, 1);
    lblc.update(servers);
    assertThat(chosen(lblc)).isEqualTo(0);
  }

  @Test
  void shouldReplicateAnOverloadedServerAndShrinkAfterADay() {
    Scheduler lblcr = scheduler(IpvsScheduler.LBLCR, 2, 4);
    assertThat(chosen(lblcr)).isEqualTo(0);
    connect(0, 3, 0);
    assertThat(chosen(lblcr)).as("overloaded: the set grows").isEqualTo(1);
    connect(1, 8, 0);
    assertThat(chosen(lblcr)).as("the least loaded of the set").isEqualTo(0);
    // After a day the most loaded one leaves the set: the one with 8 by 4.
    assertThat(chosen(lblcr, from("10.244.9.9", DAY + 1))).isEqualTo(0);
    for (int i = 0; i < 7; i++) {
      servers.get(1).ended(true);
    }
    connect(1, 1, 0);
    // Of a set of two it would be the less loaded one; nobody is at less than half of its weight.
    assertThat(chosen(lblcr, from("10.244.9.9", DAY + 2))).isEqualTo(0);
  }
}
