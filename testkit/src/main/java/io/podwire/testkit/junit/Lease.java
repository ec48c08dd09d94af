package io.podwire.testkit.junit;

import io.podwire.testkit.cluster.Cluster;
import org.jspecify.annotations.Nullable;

/**
 * A cluster for as long as a class or a method has it.
 *
 * @param shared whom it goes back to; null where it is closed in the end
 */
record Lease(Cluster cluster, @Nullable SharedClusters shared) {

  void end() {
    if (shared == null) {
      cluster.close();
    } else {
      shared.giveBack(cluster);
    }
  }
}
