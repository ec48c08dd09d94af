package io.podwire.bench.load;

import io.podwire.bench.network.PodSite;
import io.podwire.bench.program.Tool;
import io.podwire.bench.program.Workbench;
import io.podwire.packet.addr.IpAddress;
import java.time.Duration;
import java.util.List;

/** Runs ping in a Pod, a hundred requests a second. */
public final class Ping {
  private static final String INTERVAL_SECONDS = "0.01";
  private static final int PER_SECOND = 100;
  private static final int PATIENCE_SECONDS = 5;
  private static final Duration EXTRA = Duration.ofSeconds(15);

  private final Workbench bench;

  /** Runs on that workbench. */
  public Ping(Workbench bench) {
    this.bench = bench;
  }

  /** Pings the address for about that long. */
  public PingReport run(PodSite from, IpAddress address, int seconds) {
    return count(from, address, seconds * PER_SECOND);
  }

  /** Pings the address until so many requests are answered, or should have been for seconds. */
  public PingReport count(PodSite from, IpAddress address, int requests) {
    List<String> command =
        List.of(
            Tool.PING.program(),
            "-n",
            "-i",
            INTERVAL_SECONDS,
            "-c",
            String.valueOf(requests),
            // Without a deadline ping waits for the last answers twice the time of the slowest so
            // far, be that a millisecond, and what comes later it calls lost.
            "-w",
            String.valueOf(requests / PER_SECOND + PATIENCE_SECONDS),
            address.toString());
    return PingReport.parse(
        bench.run(from.namespace(), command, EXTRA.plusSeconds(requests / PER_SECOND)), requests);
  }
}
