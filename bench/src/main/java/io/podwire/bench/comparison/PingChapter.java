package io.podwire.bench.comparison;

import io.podwire.bench.load.Ping;
import io.podwire.bench.load.PingReport;
import io.podwire.bench.measure.Target;
import io.podwire.bench.network.KernelVxlan;
import io.podwire.bench.network.OpenVswitch;
import io.podwire.bench.network.PodNetwork;
import io.podwire.bench.program.Tool;
import java.util.Map;
import java.util.Optional;

/** How long an echo request's way between nodes and back takes when nothing else is under way. */
public final class PingChapter implements Chapter {
  private static final double OF_KERNEL = 3;
  private static final double TAIL = 0.99;

  private final Networks networks;

  /** Measures these networks. */
  public PingChapter(Networks networks) {
    this.networks = networks;
  }

  @Override
  public Topic topic() {
    return Topic.PING;
  }

  @Override
  public void measure(Session session) {
    Optional<String> missing = Tool.missing(Tool.PING);
    if (missing.isPresent()) {
      session.findings().missing("ping: " + missing.get());
      return;
    }
    Map<String, PodNetwork> all = networks.started(session);
    Ping ping = new Ping(session.bench());
    Rounds<PingReport> rounds =
        Rounds.of(
            session,
            "ping, two nodes",
            all,
            network ->
                ping.run(network.client(), network.server().address(), session.plan().seconds()));
    if (rounds.isEmpty()) {
      return;
    }
    session
        .findings()
        .add(
            rounds
                .row(
                    "ping-median",
                    "ping, two nodes, median",
                    "ms",
                    report -> report.roundTrips().median())
                .compared(Networks.PODWIRE, KernelVxlan.NAME, Optional.of(Target.atMost(OF_KERNEL)))
                .compared(Networks.PODWIRE, OpenVswitch.NAME, Optional.empty()));
    session
        .findings()
        .add(
            rounds
                .row(
                    "ping-p99",
                    "ping, two nodes, p99",
                    "ms",
                    report -> report.roundTrips().quantile(TAIL))
                .compared(Networks.PODWIRE, KernelVxlan.NAME, Optional.empty()));
    session
        .findings()
        .add(rounds.row("ping-lost", "ping, two nodes, lost", "requests", PingReport::lost));
  }
}
