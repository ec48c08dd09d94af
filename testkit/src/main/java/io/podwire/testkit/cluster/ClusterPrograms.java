package io.podwire.testkit.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The programs of one cluster, wherever they run: control plane, DNS, agents. Those of nodes have
 * their nodes' names.
 *
 * <p>Thread-safe. For those who start a cluster in another way than {@link Cluster#start}.
 */
public interface ClusterPrograms {

  /** The cluster's name, unique on this machine while this JVM runs. */
  String name();

  /** How long ago their start began. */
  Duration age();

  /** A folder of the cluster's own, which goes with it; captures are kept there. */
  Path captures();

  /** The end of a program's log; empty where there is none. */
  List<String> logTail(String program, int lines);

  /**
   * Copies what the programs have said, and the programs of their Pods.
   *
   * @throws IOException where the folders cannot be written
   */
  void copyLogs(Path logs, Path pods) throws IOException;

  /** Kills a node's agent (kill -9), and returns when its successor serves; Pods run on. */
  void restart(String node);

  /**
   * Sends a signal to a node's agent, and to nothing else on the node.
   *
   * @param signal such as STOP
   * @throws ClusterFailure where the agent is not running
   */
  void signal(String node, String signal);

  /**
   * What is known of a Pod that is not Ready, besides what its object says; empty for nothing.
   *
   * @param pod its name as {@link Pod#name} has it
   */
  default String remark(String pod) {
    return "";
  }

  /** Ends and removes all of it, files included. */
  void remove();
}
