package io.podwire.bench.load;

import io.podwire.bench.network.PodSite;
import io.podwire.bench.program.CpuClock;
import io.podwire.bench.program.ListeningPorts;
import io.podwire.bench.program.RunningProgram;
import io.podwire.bench.program.Tool;
import io.podwire.bench.program.Workbench;
import io.podwire.packet.addr.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Runs iperf3 between two Pods, one run at a time. */
public final class Iperf {
  private static final int PORT = 5201;
  private static final Duration START = Duration.ofSeconds(5);
  // Connecting, exchanging results, and what a loaded machine adds.
  private static final int EXTRA_SECONDS = 20;

  private final Workbench bench;

  /** Runs on that workbench. */
  public Iperf(Workbench bench) {
    this.bench = bench;
  }

  /** A run's outcome and what the whole machine worked meanwhile. */
  public record Outcome(IperfReport report, double cpuSeconds) {

    /** Processor seconds for 10^9 octets of payload. */
    public double cpuPerGigabyte() {
      return cpuSeconds / (report.bytes() / 1e9);
    }

    /** Processor seconds for 10^6 delivered packets. */
    public double cpuPerMillionPackets() {
      return cpuSeconds / (report.packets() / 1e6);
    }
  }

  /** TCP to the address, which leads to the server's Pod. */
  public Outcome tcp(PodSite from, PodSite to, IpAddress address, int seconds, String... more) {
    List<String> options = new ArrayList<>(List.of("--time", String.valueOf(seconds)));
    options.addAll(List.of(more));
    return run(from, to, address, seconds, options);
  }

  /**
   * UDP.
   *
   * @param payload octets of each packet
   * @param packetsPerSecond offered
   */
  public Outcome udp(PodSite from, PodSite to, int payload, long packetsPerSecond, int seconds) {
    List<String> options =
        List.of(
            "--udp",
            "--length",
            String.valueOf(payload),
            "--bitrate",
            String.valueOf(packetsPerSecond * payload * Byte.SIZE),
            "--time",
            String.valueOf(seconds));
    return run(from, to, to.address(), seconds, options);
  }

  private Outcome run(
      PodSite from, PodSite to, IpAddress address, int seconds, List<String> options) {
    List<String> serve =
        List.of(Tool.IPERF3.program(), "--server", "--one-off", "--port", String.valueOf(PORT));
    List<String> command = new ArrayList<>();
    command.addAll(List.of(Tool.IPERF3.program(), "--client", address.toString()));
    command.addAll(List.of("--port", String.valueOf(PORT), "--json"));
    command.addAll(options);
    try (RunningProgram server = bench.start(to.namespace(), serve)) {
      server.awaitState("listened", START, () -> ListeningPorts.tcp(server.pid(), PORT));
      double before = CpuClock.busySeconds();
      String text =
          bench.run(from.namespace(), command, Duration.ofSeconds(seconds + EXTRA_SECONDS));
      double busy = CpuClock.busySeconds() - before;
      return new Outcome(IperfReport.parse(text), busy);
    }
  }
}
