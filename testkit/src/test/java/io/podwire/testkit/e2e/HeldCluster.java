package io.podwire.testkit.e2e;

import io.podwire.testkit.cluster.Cluster;
import io.podwire.testkit.topology.Topology;

/** A JVM with a cluster, which does nothing about it when it ends: it is killed. */
final class HeldCluster {

  private HeldCluster() {}

  public static void main(String... arguments) throws InterruptedException {
    Cluster cluster = Cluster.start(Topology.nodes(1));
    System.out.println(cluster.name());
    Thread.currentThread().join();
  }
}
