package io.podwire.bench.comparison;

import io.podwire.bench.load.Iperf;
import io.podwire.bench.measure.Row;
import io.podwire.bench.measure.Target;
import io.podwire.bench.network.KernelVxlan;
import io.podwire.bench.network.OpenVswitch;
import io.podwire.bench.network.PodNetwork;
import io.podwire.bench.program.Tool;
import io.podwire.packet.addr.IpAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** How fast TCP is between Pods: on two nodes, through a ClusterIP, both ways, on one node. */
public final class TcpChapter implements Chapter {
  private static final String GIGABITS = "Gbit/s";
  private static final String CPU_UNIT = "CPU s per GB";
  private static final double OF_KERNEL = 0.8;
  private static final double OF_KERNEL_LOCALLY = 0.6;
  private static final double OF_OPEN_VSWITCH = 8;
  private static final double OF_DIRECT = 0.95;

  private final Networks networks;

  /** Measures these networks. */
  public TcpChapter(Networks networks) {
    this.networks = networks;
  }

  @Override
  public Topic topic() {
    return Topic.TCP;
  }

  @Override
  public void measure(Session session) {
    Optional<String> missing = Tool.missing(Tool.IPERF3);
    if (missing.isPresent()) {
      session.findings().missing("tcp: " + missing.get());
      return;
    }
    Map<String, PodNetwork> all = networks.started(session);
    Iperf iperf = new Iperf(session.bench());
    int seconds = session.plan().seconds();
    oneStream(session, all, iperf, seconds);
    throughClusterIp(session, all, iperf, seconds);
    compare(
        session,
        "tcp-8-both-ways",
        "TCP, 8 streams each way, two nodes",
        OF_KERNEL,
        all,
        network ->
            iperf.tcp(
                network.client(),
                network.server(),
                network.server().address(),
                seconds,
                "--parallel",
                "8",
                "--bidir"));
    compare(
        session,
        "tcp-same-node",
        "TCP, one stream, same node",
        OF_KERNEL_LOCALLY,
        all,
        network ->
            iperf.tcp(network.client(), network.neighbor(), network.neighbor().address(), seconds));
  }

  private static void oneStream(
      Session session, Map<String, PodNetwork> all, Iperf iperf, int seconds) {
    String what = "TCP, one stream, two nodes";
    Rounds<Iperf.Outcome> rounds =
        Rounds.of(
            session,
            what,
            all,
            network ->
                iperf.tcp(network.client(), network.server(), network.server().address(), seconds));
    if (!rounds.isEmpty()) {
      session
          .findings()
          .add(
              rate(rounds, "tcp-two-nodes", what)
                  .compared(
                      Networks.PODWIRE, KernelVxlan.NAME, Optional.of(Target.atLeast(OF_KERNEL)))
                  .compared(
                      Networks.PODWIRE,
                      OpenVswitch.NAME,
                      Optional.of(Target.atLeast(OF_OPEN_VSWITCH))));
      session.findings().add(cpu(rounds, "tcp-two-nodes", what));
    }
  }

  private static void throughClusterIp(
      Session session, Map<String, PodNetwork> all, Iperf iperf, int seconds) {
    PodNetwork podwire = all.get(Networks.PODWIRE);
    if (podwire == null || podwire.clusterIp().isEmpty()) {
      return;
    }
    Map<String, IpAddress> ways = new LinkedHashMap<>();
    ways.put("through ClusterIP", podwire.clusterIp().get());
    ways.put("direct", podwire.server().address());
    String what = "TCP, one stream, podwire's ClusterIP";
    Rounds<Iperf.Outcome> rounds =
        Rounds.of(
            session,
            what,
            ways,
            address -> iperf.tcp(podwire.client(), podwire.server(), address, seconds));
    if (!rounds.isEmpty()) {
      session
          .findings()
          .add(
              rate(rounds, "tcp-cluster-ip", what)
                  .compared("through ClusterIP", "direct", Optional.of(Target.atLeast(OF_DIRECT))));
    }
  }

  private static void compare(
      Session session,
      String id,
      String what,
      double ofKernel,
      Map<String, PodNetwork> all,
      Function<PodNetwork, Iperf.Outcome> once) {
    Rounds<Iperf.Outcome> rounds = Rounds.of(session, what, all, once);
    if (!rounds.isEmpty()) {
      session
          .findings()
          .add(
              rate(rounds, id, what)
                  .compared(
                      Networks.PODWIRE, KernelVxlan.NAME, Optional.of(Target.atLeast(ofKernel)))
                  .compared(Networks.PODWIRE, OpenVswitch.NAME, Optional.empty()));
      session.findings().add(cpu(rounds, id, what));
    }
  }

  private static Row rate(Rounds<Iperf.Outcome> rounds, String id, String what) {
    return rounds.row(id, what, GIGABITS, outcome -> outcome.report().bitsPerSecond() / 1e9);
  }

  private static Row cpu(Rounds<Iperf.Outcome> rounds, String id, String what) {
    return rounds.row(id + "-cpu", what, CPU_UNIT, Iperf.Outcome::cpuPerGigabyte);
  }
}
