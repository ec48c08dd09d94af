package io.podwire.bench.comparison;

import io.podwire.bench.load.Iperf;
import io.podwire.bench.measure.Target;
import io.podwire.bench.network.KernelVxlan;
import io.podwire.bench.network.OpenVswitch;
import io.podwire.bench.network.PodNetwork;
import io.podwire.bench.program.BenchFailure;
import io.podwire.bench.program.Tool;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How many UDP packets arrive each second.
 *
 * <p>A sender that floods takes the processors away from who is to deliver. So each peer is first
 * tried with more and more offered load, and then measured with the best, see {@link LoadTrials}.
 */
public final class UdpChapter implements Chapter {
  private static final List<Integer> PAYLOADS = List.of(64, 1400);
  private static final List<Long> OFFERED =
      List.of(
          20_000L, 35_000L, 50_000L, 75_000L, 100_000L, 150_000L, 200_000L, 300_000L, 400_000L,
          600_000L);
  private static final int TRIAL_SECONDS = 1;
  private static final double OF_OPEN_VSWITCH = 2;

  private final Networks networks;

  /** Measures these networks. */
  public UdpChapter(Networks networks) {
    this.networks = networks;
  }

  @Override
  public Topic topic() {
    return Topic.UDP;
  }

  /** A network and the load, in packets each second, that it takes best. */
  private record Loaded(PodNetwork network, long offered) {}

  @Override
  public void measure(Session session) {
    Optional<String> missing = Tool.missing(Tool.IPERF3);
    if (missing.isPresent()) {
      session.findings().missing("udp: " + missing.get());
      return;
    }
    Map<String, PodNetwork> all = networks.started(session);
    Iperf iperf = new Iperf(session.bench());
    for (int payload : PAYLOADS) {
      measure(session, all, iperf, payload);
    }
  }

  private static void measure(
      Session session, Map<String, PodNetwork> all, Iperf iperf, int payload) {
    String what = "UDP, " + payload + "-byte packets, two nodes";
    Map<String, Loaded> peers = new LinkedHashMap<>();
    all.forEach((name, network) -> {
      try {
        long offered = bestLoad(session, name, network, iperf, payload);
        peers.put(name, new Loaded(network, offered));
        session
            .findings()
            .note(what + ": " + name + " delivers most of " + offered / 1000 + "k offered");
      } catch (BenchFailure failure) {
        session.failed(what + ", " + name, failure);
      }
    });
    int seconds = session.plan().seconds();
    Rounds<Iperf.Outcome> rounds =
        Rounds.of(
            session,
            what,
            peers,
            peer ->
                iperf.udp(
                    peer.network().client(),
                    peer.network().server(),
                    payload,
                    peer.offered(),
                    seconds));
    if (!rounds.isEmpty()) {
      session
          .findings()
          .add(
              rounds
                  .row(
                      "udp-" + payload,
                      what,
                      "delivered per s",
                      outcome -> outcome.report().packetsPerSecond())
                  .compared(
                      Networks.PODWIRE,
                      OpenVswitch.NAME,
                      Optional.of(Target.atLeast(OF_OPEN_VSWITCH)))
                  .compared(Networks.PODWIRE, KernelVxlan.NAME, Optional.empty()));
      session
          .findings()
          .add(
              rounds.row(
                  "udp-" + payload + "-cpu",
                  what,
                  "CPU s per million",
                  Iperf.Outcome::cpuPerMillionPackets));
    }
  }

  private static long bestLoad(
      Session session, String name, PodNetwork network, Iperf iperf, int payload) {
    LoadTrials trials = new LoadTrials();
    for (long offered : OFFERED) {
      session
          .progress()
          .now("UDP, " + payload + "-byte packets: trying " + offered + " a second on " + name);
      trials.add(
          offered,
          iperf
              .udp(network.client(), network.server(), payload, offered, TRIAL_SECONDS)
              .report()
              .packetsPerSecond());
      if (trials.isPastBest()) {
        break;
      }
    }
    return trials.best();
  }
}
