package io.podwire.cli.bench;

import io.podwire.bench.comparison.Chapter;
import io.podwire.bench.comparison.Session;
import io.podwire.bench.comparison.Topic;
import io.podwire.bench.measure.Row;
import io.podwire.bench.measure.Samples;
import io.podwire.bench.measure.Series;
import io.podwire.bench.measure.Target;
import io.podwire.bench.program.RunningProgram;
import io.podwire.cli.local.ClusterHome;
import io.podwire.cli.local.LocalCluster;
import io.podwire.cli.outcome.CommandFailure;
import io.podwire.linux.NetworkNamespace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The wall clock time of the command {@code podwire up --nodes 3}, from its start to its end. */
public final class StartChapter implements Chapter {
  private static final String CLUSTER = "bench-start";
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final double MOST_SECONDS = 3;

  @Override
  public Topic topic() {
    return Topic.START;
  }

  @Override
  public void measure(Session session) {
    ClusterHome home = ClusterHome.of(CLUSTER, System.getenv());
    LocalCluster cluster = new LocalCluster(home);
    List<Double> seconds = new ArrayList<>();
    int rounds = session.plan().rounds();
    session.bench().keep(() -> cluster.remove(false));
    for (int round = 1; round <= rounds; round++) {
      session.progress().now("Start of three nodes: round " + round + " of " + rounds);
      cluster.remove(false);
      seconds.add(up(session, home));
      cluster.remove(false);
    }
    session
        .findings()
        .add(
            Row.of(
                    "start-3-nodes",
                    "podwire up, 3 nodes, until all Ready",
                    "s",
                    List.of(new Series("podwire", Samples.of(seconds))))
                .bounded("podwire", Target.atMost(MOST_SECONDS)));
  }

  private static double up(Session session, ClusterHome home) {
    List<String> command =
        List.of(launcher().toString(), "up", "--name", home.name(), "--nodes", "3");
    Map<String, String> variables =
        Map.of(
            "PODWIRE_NO_BUILD",
            "1",
            "PODWIRE_HOME",
            home.root().toString(),
            "JAVA_HOME",
            System.getProperty("java.home"));
    long began = System.nanoTime();
    try (NetworkNamespace here = NetworkNamespace.current();
        RunningProgram up = session.bench().start(here, command, variables)) {
      up.await(PATIENCE);
      return (System.nanoTime() - began) / 1e9;
    }
  }

  /** The script that has started this JVM. */
  private static Path launcher() {
    Path script = Path.of(System.getProperty("podwire.launcher", "podwire")).toAbsolutePath();
    if (!Files.isExecutable(script)) {
      throw new CommandFailure(
          "there is no " + script + ": the start is measured by the launcher 'podwire'");
    }
    return script;
  }
}
