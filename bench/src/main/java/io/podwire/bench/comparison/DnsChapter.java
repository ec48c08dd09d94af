package io.podwire.bench.comparison;

import io.podwire.bench.load.Dnsperf;
import io.podwire.bench.measure.Target;
import io.podwire.bench.nameserver.AnswerCheck;
import io.podwire.bench.nameserver.Knot;
import io.podwire.bench.nameserver.NameServer;
import io.podwire.bench.nameserver.NameSite;
import io.podwire.bench.program.BenchFailure;
import io.podwire.bench.program.Tool;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How many queries for the same names servers answer, each asked over the loopback of one
 * namespace.
 */
public final class DnsChapter implements Chapter {
  private static final int FIRST_PORT = 5301;
  private static final Duration COMPLETE = Duration.ofSeconds(30);
  private static final double OF_KNOT = 1;

  private final NameSite.Source podwire;
  private final List<NameServer> others;

  /** Compares Podwire's server with others. */
  public DnsChapter(NameSite.Source podwire, List<NameServer> others) {
    this.podwire = podwire;
    this.others = List.copyOf(others);
  }

  @Override
  public Topic topic() {
    return Topic.DNS;
  }

  @Override
  public void measure(Session session) {
    Optional<String> missing = Tool.missing(Tool.DNSPERF);
    if (missing.isPresent()) {
      session.findings().missing("dns: " + missing.get());
      return;
    }
    session.progress().now("DNS: starting a cluster with " + session.plan().names() + " Services");
    NameSite site = podwire.start(session.bench(), session.plan().names());
    Map<String, Integer> ports = serve(session, site);
    Dnsperf dnsperf = new Dnsperf(session.bench(), site.names().queries());
    ports.values().forEach(port -> dnsperf.run(site.namespace(), port, 2));
    Rounds<Dnsperf.Outcome> rounds =
        Rounds.of(
            session,
            "DNS, " + site.names().addresses().size() + " names",
            ports,
            port -> dnsperf.run(site.namespace(), port, session.plan().seconds()));
    if (!rounds.isEmpty()) {
      report(session, rounds, site.names().addresses().size());
    }
  }

  private Map<String, Integer> serve(Session session, NameSite site) {
    Map<String, Integer> ports = new LinkedHashMap<>();
    AnswerCheck.run(site.namespace(), site.port(), Networks.PODWIRE, site.names(), COMPLETE);
    ports.put(Networks.PODWIRE, site.port());
    int port = FIRST_PORT;
    for (NameServer server : others) {
      Optional<String> missing = server.missing();
      if (missing.isPresent()) {
        session.findings().missing(server.name() + ": " + missing.get());
        continue;
      }
      session.progress().now("DNS: starting " + server.name());
      try {
        server.start(session.bench(), site.namespace(), site.names(), port);
        AnswerCheck.run(site.namespace(), port, server.name(), site.names(), COMPLETE);
        ports.put(server.name(), port);
        session.findings().peer(server.name(), server.description());
      } catch (BenchFailure failure) {
        session.failed("starting " + server.name(), failure);
      }
      port++;
    }
    return ports;
  }

  private static void report(Session session, Rounds<Dnsperf.Outcome> rounds, int names) {
    String what = "DNS, " + names + " Service names";
    session
        .findings()
        .add(
            rounds
                .row(
                    "dns-queries",
                    what,
                    "queries per s",
                    outcome -> outcome.report().queriesPerSecond())
                .compared(Networks.PODWIRE, Knot.NAME, Optional.of(Target.atLeast(OF_KNOT)))
                .compared(Networks.PODWIRE, "unbound", Optional.empty())
                .compared(Networks.PODWIRE, "dnsmasq", Optional.empty()));
    session
        .findings()
        .add(
            rounds
                .row(
                    "dns-lost",
                    what + ", lost or failed",
                    "queries",
                    outcome -> outcome.report().lost() + outcome.report().failed())
                .bounded(Networks.PODWIRE, Target.atMost(0)));
    session
        .findings()
        .add(rounds.row("dns-cpu", what, "CPU s per million", Dnsperf.Outcome::cpuPerMillion));
    session
        .findings()
        .add(
            rounds.row(
                "dns-latency", what, "ms mean", outcome -> outcome.report().latencyMillis()));
  }
}
