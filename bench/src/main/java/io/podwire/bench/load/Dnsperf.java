package io.podwire.bench.load;

import io.podwire.bench.program.CpuClock;
import io.podwire.bench.program.Tool;
import io.podwire.bench.program.Workbench;
import io.podwire.linux.NetworkNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Runs dnsperf, always with the same options. */
public final class Dnsperf {
  private static final int CLIENTS = 8;
  private static final int OUTSTANDING = 100;
  private static final int TIMEOUT_SECONDS = 2;
  private static final Duration EXTRA = Duration.ofSeconds(20);

  private final Workbench bench;
  private final Path queries;

  /** Asks these queries again and again, one a line. */
  public Dnsperf(Workbench bench, List<String> lines) {
    this.bench = bench;
    queries = bench.folder("dnsperf").resolve("queries");
    try {
      Files.write(queries, lines);
    } catch (IOException failure) {
      throw new UncheckedIOException("writing " + queries, failure);
    }
  }

  /** A run's outcome and what the whole machine worked meanwhile. */
  public record Outcome(DnsperfReport report, double cpuSeconds) {

    /** Processor seconds for 10^6 answers. */
    public double cpuPerMillion() {
      return cpuSeconds / (report.completed() / 1e6);
    }
  }

  /** Asks the server on 127.0.0.1 for so long. */
  public Outcome run(NetworkNamespace namespace, int port, int seconds) {
    return run(namespace, new InetSocketAddress("127.0.0.1", port), seconds);
  }

  /** Asks for so long. */
  public Outcome run(NetworkNamespace namespace, InetSocketAddress server, int seconds) {
    List<String> command =
        List.of(
            Tool.DNSPERF.program(),
            "-s",
            server.getAddress().getHostAddress(),
            "-p",
            String.valueOf(server.getPort()),
            "-d",
            queries.toString(),
            "-l",
            String.valueOf(seconds),
            "-c",
            String.valueOf(CLIENTS),
            "-T",
            "1",
            "-q",
            String.valueOf(OUTSTANDING),
            "-t",
            String.valueOf(TIMEOUT_SECONDS));
    double before = CpuClock.busySeconds();
    String text = bench.run(namespace, command, EXTRA.plusSeconds(seconds));
    return new Outcome(DnsperfReport.parse(text), CpuClock.busySeconds() - before);
  }
}
