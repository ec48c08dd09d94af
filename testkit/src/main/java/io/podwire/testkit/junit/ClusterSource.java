package io.podwire.testkit.junit;

import io.podwire.testkit.cluster.Cluster;
import io.podwire.testkit.topology.Topology;

/** Where clusters come from. */
@FunctionalInterface
interface ClusterSource {
  /** Real ones, in processes of their own. */
  ClusterSource PROCESSES = Cluster::start;

  /** A new one, once all of it is Ready. */
  Cluster start(Topology topology);
}
