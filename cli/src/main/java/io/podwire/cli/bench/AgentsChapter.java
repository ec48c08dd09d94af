package io.podwire.cli.bench;

import io.podwire.bench.comparison.Chapter;
import io.podwire.bench.comparison.Session;
import io.podwire.bench.comparison.Topic;
import io.podwire.bench.load.Ping;
import io.podwire.bench.load.PingReport;
import io.podwire.bench.measure.Row;
import io.podwire.bench.measure.Samples;
import io.podwire.bench.measure.Series;
import io.podwire.bench.measure.Target;
import io.podwire.bench.network.PodSite;
import io.podwire.bench.program.BenchFailure;
import io.podwire.bench.program.Tool;
import io.podwire.cli.local.LocalCluster;
import io.podwire.client.api.Resource;
import io.podwire.packet.addr.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Many agents with a Pod each: all Ready, and echo requests between Pods drawn by lot. */
public final class AgentsChapter implements Chapter {
  private static final int PAIRS = 100;
  private static final int REQUESTS = 10;
  private static final long SEED = 100;

  private final ManyAgents agents;

  /** Measures that cluster. */
  public AgentsChapter(ManyAgents agents) {
    this.agents = agents;
  }

  @Override
  public Topic topic() {
    return Topic.AGENTS;
  }

  @Override
  public void measure(Session session) {
    ManyAgents.Running running = agents.started(session);
    long ready = running.cluster().programs().stream().filter(LocalCluster.Program::ready).count();
    // The control plane is one of the programs.
    add(
        session,
        "agents-ready",
        "agents Ready with a Pod each",
        "agents",
        ready - 1.0,
        Target.atLeast(session.plan().agents()));
    session
        .findings()
        .add(
            Row.of(
                "agents-start",
                session.plan().agents() + " agents, start",
                "s",
                List.of(
                    new Series("until Nodes Ready", Samples.of(running.secondsUntilNodesReady())),
                    new Series(
                        "then until Pods Ready", Samples.of(running.secondsUntilPodsReady())))));
    memory(session, running);
    if (Tool.missing(Tool.PING).isPresent()) {
      session.findings().missing("agents: " + Tool.missing(Tool.PING).get());
      return;
    }
    ping(session, running);
  }

  private static void memory(Session session, ManyAgents.Running running) {
    List<ProcessMemory> all =
        running.cluster().programs().stream()
            .filter(program -> program.name().startsWith("node-"))
            .map(program -> ProcessMemory.of(program.pid()))
            .toList();
    session
        .findings()
        .add(
            Row.of(
                "agents-memory",
                session.plan().agents() + " agents, memory of each",
                "MiB",
                List.of(
                    new Series(
                        "resident", Samples.of(all.stream().map(ProcessMemory::resident).toList())),
                    new Series(
                        "proportional",
                        Samples.of(all.stream().map(ProcessMemory::proportional).toList())))));
  }

  private static void ping(Session session, ManyAgents.Running running) {
    Random lot = new Random(SEED);
    Ping ping = new Ping(session.bench());
    List<String> nodes = running.cluster().plan().nodeNames();
    List<Double> times = new ArrayList<>();
    int answered = 0;
    for (int pair = 1; pair <= PAIRS; pair++) {
      int from = lot.nextInt(nodes.size());
      int to = (from + 1 + lot.nextInt(nodes.size() - 1)) % nodes.size();
      session.progress().now("Ping between agents: pair " + pair + " of " + PAIRS);
      IpAddress address = address(running, nodes.get(to));
      PodSite site = new PodSite(running.bench().probe(nodes.get(from)), address);
      try {
        PingReport report = ping.count(site, address, REQUESTS);
        answered += report.lost() == 0 ? 1 : 0;
        times.addAll(report.roundTrips().values());
      } catch (BenchFailure none) {
        session
            .findings()
            .note("agents: " + nodes.get(from) + " to " + nodes.get(to) + ": " + none.getMessage());
      }
    }
    add(
        session,
        "agents-ping",
        "pairs of " + PAIRS + " with every ping answered",
        "pairs",
        answered,
        Target.atLeast(PAIRS));
    if (!times.isEmpty()) {
      session
          .findings()
          .add(
              Row.of(
                  "agents-ping-time",
                  "ping between agents",
                  "ms",
                  List.of(new Series("podwire", Samples.of(times)))));
    }
  }

  private static IpAddress address(ManyAgents.Running running, String node) {
    return IpAddress.parse(
        running
            .cluster()
            .api()
            .get(Resource.POD.objectPath(PropagationBench.namespace(), "probe-" + node))
            .at("/status/podIP")
            .asText());
  }

  private static void add(
      Session session, String id, String what, String unit, double value, Target target) {
    session
        .findings()
        .add(
            Row.of(id, what, unit, List.of(new Series("podwire", Samples.of(value))))
                .bounded("podwire", target));
  }
}
