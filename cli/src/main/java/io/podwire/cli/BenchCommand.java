package io.podwire.cli;

import io.podwire.bench.comparison.BenchPlan;
import io.podwire.bench.comparison.Benchmark;
import io.podwire.bench.comparison.DnsChapter;
import io.podwire.bench.comparison.LookupChapter;
import io.podwire.bench.comparison.Networks;
import io.podwire.bench.comparison.PingChapter;
import io.podwire.bench.comparison.PlanCheck;
import io.podwire.bench.comparison.ServicesChapter;
import io.podwire.bench.comparison.Session;
import io.podwire.bench.comparison.TcpChapter;
import io.podwire.bench.comparison.UdpChapter;
import io.podwire.bench.micro.MicroBenchmarks;
import io.podwire.bench.nameserver.Dnsmasq;
import io.podwire.bench.nameserver.Knot;
import io.podwire.bench.nameserver.Unbound;
import io.podwire.bench.network.KernelVxlan;
import io.podwire.bench.network.OpenVswitch;
import io.podwire.bench.program.BenchFailure;
import io.podwire.bench.program.Workbench;
import io.podwire.bench.report.Findings;
import io.podwire.bench.report.Grid;
import io.podwire.bench.report.JsonReport;
import io.podwire.bench.report.LinePlot;
import io.podwire.bench.report.MachineFacts;
import io.podwire.bench.report.TextReport;
import io.podwire.cli.bench.AgentsChapter;
import io.podwire.cli.bench.BenchCluster;
import io.podwire.cli.bench.DnsUpdatesChapter;
import io.podwire.cli.bench.FaultsChapter;
import io.podwire.cli.bench.ManyAgents;
import io.podwire.cli.bench.MemoryChapter;
import io.podwire.cli.bench.PodwireNames;
import io.podwire.cli.bench.PodwireNetwork;
import io.podwire.cli.bench.PropagationBench;
import io.podwire.cli.bench.PropagationChapter;
import io.podwire.cli.bench.SoakChapter;
import io.podwire.cli.bench.StartChapter;
import io.podwire.cli.local.Progress;
import io.podwire.cli.outcome.CommandFailure;
import io.podwire.cli.outcome.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code podwire bench}: measurements on clusters of its own. */
@Command(
    name = "bench",
    description = {
      "Compare Podwire with the kernel's VXLAN, Open vSwitch and DNS servers, in turn.",
      "Everything runs in namespaces that are made for it and removed afterwards."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class BenchCommand extends Invocation implements Callable<Integer> {
  private static final String PROPAGATION_CLUSTER = "bench";

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "TOPIC",
      description =
          "tcp, udp, ping, dns, dns-updates, lookup, services, memory, start, faults, agents,"
              + " propagation, soak; repeatable (default: all but the last three)")
  List<String> only = new ArrayList<>();

  @Option(
      names = "--full",
      description = "the last three as well: a hundred agents, minutes of load")
  boolean full;

  @Option(names = "--rounds", paramLabel = "N", description = "turns of every peer (default: 5)")
  @Nullable Integer rounds;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "of every single measurement (default: 4)")
  @Nullable Integer seconds;

  @Option(
      names = "--names",
      paramLabel = "N",
      description = "Services that the DNS servers know (default: 5000)")
  @Nullable Integer names;

  @Option(
      names = "--agents",
      paramLabel = "N",
      description = "of the largest cluster (default: 100)")
  @Nullable Integer agents;

  @Option(
      names = "--minutes",
      paramLabel = "N",
      description = "of load while memory is watched (default: 10)")
  @Nullable Integer minutes;

  @Option(names = "--quick", description = "2 rounds of 1 s, 1000 names: does it work at all?")
  boolean quick;

  @Option(names = "--json", paramLabel = "FILE", description = "write every single value there")
  @Nullable Path json;

  private @Nullable Path plot;

  @Override
  public Integer call() {
    requireLocal();
    PlanCheck.Outcome checked =
        PlanCheck.check(
            new PlanCheck.Options(
                only, rounds, seconds, names, agents, minutes, quick, full, json));
    BenchPlan plan = checked.plan().orElseThrow(() -> usage(String.join("\n", checked.problems())));
    String began = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    Findings findings = new Findings();
    Progress progress = progress();
    MachineFacts machine;
    try (Workbench bench = new Workbench()) {
      Runtime.getRuntime().addShutdownHook(new Thread(bench::close, "remove-bench"));
      machine = MachineFacts.read(bench);
      benchmark().run(new Session(plan, bench, findings, progress::waiting));
      if (bench.isClosed()) {
        throw new CommandFailure("interrupted", ExitCode.INTERRUPTED, null);
      }
      progress.waiting("Removing what was started");
    }
    progress.clear();
    TextReport.print(findings, machine, out());
    out().flush();
    Path picture = plot;
    if (picture != null) {
      write(picture, plot(findings));
    }
    if (json != null) {
      write(json, JsonReport.write(findings, machine, plan.facts(), began));
    }
    return findings.failures().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
  }

  private static Benchmark benchmark() {
    Networks networks =
        new Networks(List.of(new PodwireNetwork(), new KernelVxlan(), new OpenVswitch()));
    ManyAgents agents = new ManyAgents();
    return new Benchmark(
        List.of(
            new StartChapter(),
            new MemoryChapter(),
            new LookupChapter(),
            new ServicesChapter(),
            new TcpChapter(networks),
            new UdpChapter(networks),
            new PingChapter(networks),
            new DnsChapter(new PodwireNames(), List.of(new Knot(), new Unbound(), new Dnsmasq())),
            new DnsUpdatesChapter(),
            new FaultsChapter(),
            new AgentsChapter(agents),
            new PropagationChapter(agents),
            new SoakChapter()));
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException failure) {
      throw new CommandFailure(file + " cannot be written: " + failure, failure);
    }
  }

  @Command(
      name = "micro",
      description = "Time single operations with JMH: codecs, checksums, lookups.",
      sortOptions = false,
      mixinStandardHelpOptions = true)
  int micro(
      @Option(
              names = "--include",
              defaultValue = "",
              paramLabel = "TEXT",
              description = "only those with this in their name")
          String include,
      @Option(names = "--iterations", defaultValue = "5", description = "of 0.5 s (default: 5)")
          int iterations) {
    try {
      return MicroBenchmarks.print(include, iterations) == 0 ? ExitCode.OK : ExitCode.FAILED;
    } catch (BenchFailure failure) {
      throw new CommandFailure(String.valueOf(failure.getMessage()), failure);
    }
  }

  private static String plot(Findings findings) {
    List<Grid> grids = ServicesChapter.plotted(findings.grids());
    if (grids.isEmpty()) {
      throw new CommandFailure("--plot: nothing was measured that could be drawn");
    }
    return LinePlot.of("What Services cost a node in each mode, by their number", grids);
  }

  @Command(
      name = "services",
      description = "As --only services: what Services cost a node in each mode of balancing.",
      sortOptions = false,
      mixinStandardHelpOptions = true)
  int services(
      @Option(names = "--rounds", defaultValue = "3", description = "default: 3") int turns,
      @Option(names = "--json", paramLabel = "FILE", description = "every single value")
          @Nullable Path report,
      @Option(names = "--plot", paramLabel = "FILE", description = "draw it as an SVG")
          @Nullable Path picture) {
    only = List.of("services");
    rounds = turns;
    json = report;
    plot = picture;
    return call();
  }

  @Command(
      name = "soak",
      description = "As --only soak: does memory stay flat under minutes of full load?",
      sortOptions = false,
      mixinStandardHelpOptions = true)
  int soak(
      @Option(names = "--minutes", defaultValue = "10", description = "default: 10") int length,
      @Option(names = "--json", paramLabel = "FILE", description = "every single value")
          @Nullable Path report) {
    only = List.of("soak");
    minutes = length;
    json = report;
    return call();
  }

  @Command(
      name = "propagation",
      description = "Time from a Service's change until every node and the DNS act on it.",
      sortOptions = false,
      mixinStandardHelpOptions = true)
  int propagation(
      @Option(names = "--nodes", defaultValue = "5", description = "default: 5") int nodes,
      @Option(names = "--services", defaultValue = "200", description = "default: 200")
          int services,
      @Option(names = "--pods", defaultValue = "100", description = "default: 100") int pods,
      @Option(names = "--changes", defaultValue = "30", description = "default: 30") int changes) {
    check(nodes, services, pods, changes);
    BenchCluster cluster = BenchCluster.start(PROPAGATION_CLUSTER, nodes, progress());
    Runtime.getRuntime().addShutdownHook(new Thread(cluster::close, "remove-bench"));
    List<String> nodeNames = cluster.plan().nodeNames();
    long began = System.nanoTime();
    cluster.fill(
        PropagationBench.manifests(nodeNames, services, pods), PropagationBench.namespace());
    out()
        .printf(
            Locale.ROOT,
            "%d Services and %d Pods applied and Ready in %.1f s%n",
            services,
            pods,
            (System.nanoTime() - began) / 1e9);
    out().flush();
    try (PropagationBench bench = new PropagationBench(cluster.api(), nodeNames)) {
      bench.run(changes).print(out());
    }
    out().flush();
    // The hook removes the cluster, after success as after Ctrl-C.
    return ExitCode.OK;
  }

  private void check(int nodes, int services, int pods, int changes) {
    requireLocal();
    if (pods < nodes + 2 || services < 2 || changes < 1) {
      throw usage(
          "--pods "
              + pods
              + " --services "
              + services
              + " --changes "
              + changes
              + ": at least "
              + (nodes + 2)
              + ", 2 and 1 are needed");
    }
  }

  private void requireLocal() {
    if (podwire().isRemote()) {
      throw usage("--server: the benchmark runs on a cluster of its own; leave it out");
    }
  }

  private static CommandFailure usage(String message) {
    return new CommandFailure(message, ExitCode.USAGE, null);
  }
}
