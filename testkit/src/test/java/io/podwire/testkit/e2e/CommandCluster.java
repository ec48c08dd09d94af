package io.podwire.testkit.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A cluster that {@code podwire up} has started with a state folder of its own; closing it runs
 * {@code podwire down} and fails where something is left behind.
 */
final class CommandCluster implements AutoCloseable {

  private final PodwireCommand podwire;
  private final Leftovers leftovers;

  private CommandCluster(Path scratch) throws IOException {
    podwire = new PodwireCommand(scratch);
    leftovers = new Leftovers(podwire.home());
  }

  /** Starts one with that many nodes and a manifest's text. */
  static CommandCluster of(int nodes, String manifest, Path scratch) throws Exception {
    Path file = Files.writeString(scratch.resolve("cluster.yaml"), manifest);
    return up(scratch, "--nodes", String.valueOf(nodes), "-f", file.toString());
  }

  /** Starts one with these options; where that fails, what there is of it is removed. */
  static CommandCluster up(Path scratch, String... options) throws Exception {
    CommandCluster cluster = new CommandCluster(scratch);
    List<String> words = new ArrayList<>(List.of("up"));
    words.addAll(List.of(options));
    try {
      cluster.podwire.run(words.toArray(String[]::new)).succeeded();
      return cluster;
    } catch (Throwable failure) {
      cluster.podwire.run("down");
      throw failure;
    }
  }

  PodwireCommand podwire() {
    return podwire;
  }

  /** Remembers the namespaces that its processes are in now, and says how many were ever seen. */
  int observeNamespaces() throws IOException {
    leftovers.observe();
    return leftovers.observedNamespaces();
  }

  @Override
  public void close() throws Exception {
    leftovers.observe();
    podwire.run("down").succeeded();
    assertThat(leftovers.remaining()).isEmpty();
  }
}
