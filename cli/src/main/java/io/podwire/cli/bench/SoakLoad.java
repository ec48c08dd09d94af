package io.podwire.cli.bench;

import io.podwire.bench.program.BenchFailure;
import io.podwire.bench.program.ListeningPorts;
import io.podwire.bench.program.RunningProgram;
import io.podwire.bench.program.Tool;
import io.podwire.bench.program.Workbench;
import io.podwire.linux.NetworkNamespace;
import io.podwire.packet.addr.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything at once, from one Pod to another and for ever: TCP both ways, TCP through a ClusterIP,
 * UDP, and DNS queries through the ClusterIP of the cluster's DNS.
 */
final class SoakLoad implements AutoCloseable {
  static final int BOTH_WAYS = 5201;
  static final int CLUSTER_IP = 5202;
  static final int UDP = 5203;

  private static final Duration START = Duration.ofSeconds(5);
  private static final String UDP_BITS_PER_SECOND = "50M";
  private static final String UDP_PAYLOAD = "512";
  private static final String QUERIES_PER_SECOND = "2000";

  private final Map<String, RunningProgram> clients = new LinkedHashMap<>();
  private final List<RunningProgram> servers = new ArrayList<>();
  private final Workbench bench;
  private final Ends ends;

  /** Who sends to whom; the names are what the DNS is asked for. */
  record Ends(
      NetworkNamespace client,
      NetworkNamespace server,
      IpAddress address,
      IpAddress clusterIp,
      IpAddress dns,
      List<String> names) {
    Ends {
      names = List.copyOf(names);
    }
  }

  SoakLoad(Workbench bench, Ends ends) {
    this.bench = bench;
    this.ends = ends;
  }

  /** Starts all of it; it ends by itself after so long. */
  void start(Duration length) {
    for (int port : List.of(BOTH_WAYS, CLUSTER_IP, UDP)) {
      RunningProgram server =
          bench.start(
              ends.server(),
              List.of(Tool.IPERF3.program(), "--server", "--port", String.valueOf(port)));
      servers.add(server);
      server.awaitState("listened", START, () -> ListeningPorts.tcp(server.pid(), port));
    }
    String seconds = String.valueOf(length.toSeconds());
    iperf("TCP both ways", ends.address(), BOTH_WAYS, seconds, "--bidir");
    iperf("TCP through the ClusterIP", ends.clusterIp(), CLUSTER_IP, seconds);
    iperf(
        "UDP",
        ends.address(),
        UDP,
        seconds,
        "--udp",
        "--bitrate",
        UDP_BITS_PER_SECOND,
        "--length",
        UDP_PAYLOAD);
    clients.put("DNS", bench.start(ends.client(), dnsperf(seconds)));
  }

  private void iperf(String what, IpAddress to, int port, String seconds, String... more) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(Tool.IPERF3.program(), "--client", to.toString()));
    command.addAll(List.of("--port", String.valueOf(port), "--time", seconds, "--interval", "0"));
    command.addAll(List.of(more));
    clients.put(what, bench.start(ends.client(), command));
  }

  private List<String> dnsperf(String seconds) {
    Path queries = bench.folder("soak").resolve("queries");
    try {
      Files.write(queries, ends.names().stream().map(name -> name + " A").toList());
    } catch (IOException failure) {
      throw new UncheckedIOException("writing " + queries, failure);
    }
    return List.of(
        Tool.DNSPERF.program(),
        "-s",
        ends.dns().toString(),
        "-d",
        queries.toString(),
        "-l",
        seconds,
        "-Q",
        QUERIES_PER_SECOND,
        "-c",
        "4",
        "-T",
        "1");
  }

  /** Fails where a part of the load has ended: what is measured then is no longer under load. */
  void check() {
    clients.forEach((what, client) -> {
      if (!client.isRunning()) {
        throw new BenchFailure(what + " has ended: " + client.await(Duration.ZERO).strip());
      }
    });
  }

  @Override
  public void close() {
    clients.values().forEach(RunningProgram::close);
    servers.forEach(RunningProgram::close);
  }
}
